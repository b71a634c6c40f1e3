// SPDX-License-Identifier: Apache-2.0
import { shellProps } from "@/app/(console)/session";
import { SettingsShell } from "@/app/(console)/settings/SettingsShell";
import { NodesPanel } from "@/components/settings/NodesPanel";

export const metadata = { title: "Nodes" };

export default async function NodesPage() {
  const shell = await shellProps();
  return (
    <SettingsShell shell={shell} here="nodes">
      <NodesPanel />
    </SettingsShell>
  );
}
