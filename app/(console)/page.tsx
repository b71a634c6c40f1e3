// SPDX-License-Identifier: Apache-2.0
import { FleetPanel } from "@/components/fleet/FleetPanel";
import { ConsoleShell } from "@/components/shell/ConsoleShell";
import { door } from "@/server/door";
import { shellProps } from "./session";

export const metadata = { title: "Fleet" };

export default async function FleetPage() {
  const shell = await shellProps();
  return (
    <ConsoleShell {...shell} initial={door().snapshot({ of: "fleet" })} crumbs={[]}>
      <FleetPanel mayEnrol={shell.role === "admin"} />
    </ConsoleShell>
  );
}
