// SPDX-License-Identifier: Apache-2.0
import { shellProps } from "@/app/(console)/session";
import { SettingsShell } from "@/app/(console)/settings/SettingsShell";
import { WallsPanel } from "@/components/settings/WallsPanel";

export const metadata = { title: "Walls" };

export default async function WallsPage() {
  const shell = await shellProps();
  return (
    <SettingsShell shell={shell} here="walls">
      <WallsPanel />
    </SettingsShell>
  );
}
