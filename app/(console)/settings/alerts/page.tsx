// SPDX-License-Identifier: Apache-2.0
import { shellProps } from "@/app/(console)/session";
import { SettingsShell } from "@/app/(console)/settings/SettingsShell";
import { AlertsPanel } from "@/components/alerts/AlertsPanel";

export const metadata = { title: "Alerts" };

export default async function AlertsPage() {
  const shell = await shellProps();
  return (
    <SettingsShell shell={shell} here="alerts">
      <AlertsPanel userRole={shell.role} />
    </SettingsShell>
  );
}
