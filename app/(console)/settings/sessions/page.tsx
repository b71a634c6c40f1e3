// SPDX-License-Identifier: Apache-2.0
import { shellProps } from "@/app/(console)/session";
import { SettingsShell } from "@/app/(console)/settings/SettingsShell";
import { SessionsPanel } from "@/components/settings/SessionsPanel";

export const metadata = { title: "Sessions" };

export default async function SessionsPage() {
  const shell = await shellProps();
  return (
    <SettingsShell shell={shell} here="sessions">
      <SessionsPanel userRole={shell.role} />
    </SettingsShell>
  );
}
