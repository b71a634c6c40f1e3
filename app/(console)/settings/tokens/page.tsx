// SPDX-License-Identifier: Apache-2.0
import { shellProps } from "@/app/(console)/session";
import { SettingsShell } from "@/app/(console)/settings/SettingsShell";
import { TokensPanel } from "@/components/settings/TokensPanel";

export const metadata = { title: "API tokens" };

export default async function TokensPage() {
  const shell = await shellProps();
  return (
    <SettingsShell shell={shell} here="tokens">
      <TokensPanel user={shell.user} userRole={shell.role} />
    </SettingsShell>
  );
}
