// SPDX-License-Identifier: Apache-2.0
import { shellProps } from "@/app/(console)/session";
import { ConsoleShell } from "@/components/shell/ConsoleShell";
import { VERIFY } from "@/components/shell/places";
import { VerifyPanel } from "@/components/verify/VerifyPanel";
import { door } from "@/server/door";

export const metadata = { title: "Verify" };

export default async function VerifyPage() {
  const shell = await shellProps();
  return (
    <ConsoleShell {...shell} initial={door().snapshot({ of: "fleet" })} crumbs={[{ name: VERIFY.name, href: VERIFY.href }]}>
      <VerifyPanel user={shell.user} userRole={shell.role} />
    </ConsoleShell>
  );
}
