// SPDX-License-Identifier: Apache-2.0
import { notFound } from "next/navigation";
import { shellProps } from "@/app/(console)/session";
import { NodesPanel } from "@/components/settings/NodesPanel";
import { ConsoleShell } from "@/components/shell/ConsoleShell";
import { door } from "@/server/door";

export const metadata = { title: "Nodes" };

export default async function NodesPage() {
  const shell = await shellProps();
  // Not an admin's page: to everyone else it is not there.
  if (shell.role !== "admin") notFound();
  return (
    <ConsoleShell {...shell} initial={door().snapshot({ of: "fleet" })} crumbs={[{ name: "Nodes", href: "/settings/nodes" }]}>
      <NodesPanel />
    </ConsoleShell>
  );
}
