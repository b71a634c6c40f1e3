// SPDX-License-Identifier: Apache-2.0
import { shellProps } from "@/app/(console)/session";
import { SettingsShell } from "@/app/(console)/settings/SettingsShell";
import { ClustersPanel } from "@/components/settings/ClustersPanel";

export const metadata = { title: "Clusters" };

export default async function ClustersPage() {
  const shell = await shellProps();
  return (
    <SettingsShell shell={shell} here="clusters">
      <ClustersPanel />
    </SettingsShell>
  );
}
