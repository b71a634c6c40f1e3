// SPDX-License-Identifier: Apache-2.0
import { shellProps } from "@/app/(console)/session";
import { AuditPanel } from "@/components/audit/AuditPanel";
import { ConsoleShell } from "@/components/shell/ConsoleShell";
import { AUDIT } from "@/components/shell/places";
import { door } from "@/server/door";

export const metadata = { title: "Audit" };

export default async function AuditOfAllPage() {
  const shell = await shellProps();
  return (
    <ConsoleShell {...shell} initial={door().snapshot({ of: "fleet" })} crumbs={[{ name: AUDIT.name, href: AUDIT.of(null) }]}>
      <AuditPanel slug={null} userRole={shell.role} />
    </ConsoleShell>
  );
}
