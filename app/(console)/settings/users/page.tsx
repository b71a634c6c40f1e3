// SPDX-License-Identifier: Apache-2.0
import { shellProps } from "@/app/(console)/session";
import { SettingsShell } from "@/app/(console)/settings/SettingsShell";
import { UsersPanel } from "@/components/settings/UsersPanel";

export const metadata = { title: "Users" };

export default async function UsersPage() {
  const shell = await shellProps();
  return (
    <SettingsShell shell={shell} here="users">
      <UsersPanel user={shell.user} />
    </SettingsShell>
  );
}
