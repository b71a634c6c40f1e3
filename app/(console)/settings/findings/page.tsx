// SPDX-License-Identifier: Apache-2.0
import { shellProps } from "@/app/(console)/session";
import { SettingsShell } from "@/app/(console)/settings/SettingsShell";
import { FindingRulesPanel } from "@/components/settings/FindingRulesPanel";

export const metadata = { title: "Findings" };

export default async function FindingsPage() {
  const shell = await shellProps();
  return (
    <SettingsShell shell={shell} here="findings">
      <FindingRulesPanel userRole={shell.role} />
    </SettingsShell>
  );
}
