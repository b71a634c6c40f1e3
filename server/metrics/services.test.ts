// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { cluster, member, nodeFacts, pacemaker, T0 } from "@/server/cluster/factories";
import { linesOf } from "./test-samples";

const constraint = { kind: "location", resource: "g_mail", with: null, node: "ruby", score: "-INFINITY", role: null, rule: null } as const;
const fence = (target: string, status: string) => ({
  target,
  action: "reboot",
  status,
  delegate: null,
  client: null,
  origin: null,
  completed: null,
  exitReason: null,
});
const value = pacemaker([member("ruby", { isDc: true })], [], {
  constraints: [
    { ...constraint, id: "cli-ban-g_mail-on-ruby" },
    { ...constraint, id: "drbd-fence-by-handler-store-ms_store" },
    { ...constraint, id: "my-own" },
  ],
  fencing: [fence("jade", "success"), fence("jade", "success"), fence("opal", "pending")],
});

it("counts what tools left behind, and the fence history", async () => {
  const facts = cluster(nodeFacts("ruby", { pacemaker: value }));
  expect(await linesOf(facts, "quarterdeck_constraints_left")).toEqual([
    'quarterdeck_constraints_left{cluster="san-a",kind="cli-ban"} 1',
    'quarterdeck_constraints_left{cluster="san-a",kind="cli-prefer"} 0',
    'quarterdeck_constraints_left{cluster="san-a",kind="cli-standby"} 0',
    'quarterdeck_constraints_left{cluster="san-a",kind="drbd-fence-by-handler"} 1',
  ]);
  expect(await linesOf(facts, "quarterdeck_fencing_history")).toEqual([
    'quarterdeck_fencing_history{cluster="san-a",target="jade",action="reboot",status="success"} 2',
    'quarterdeck_fencing_history{cluster="san-a",target="opal",action="reboot",status="pending"} 1',
  ]);
});

it("counts nothing from a word that is old", async () => {
  expect(await linesOf(cluster(nodeFacts("ruby", { pacemaker: value })), "quarterdeck_constraints_left", T0 + 60_000)).toEqual([]);
});

it("counts the nodes that see the cluster otherwise", async () => {
  const other = pacemaker([member("ruby", { online: false }), member("crystal")], [], { quorate: false, dc: "crystal" });
  const shown = pacemaker([member("ruby"), member("crystal", { online: false })]);
  const facts = cluster(nodeFacts("ruby", { pacemaker: shown }), nodeFacts("crystal", { pacemaker: other }));
  expect(await linesOf(facts, "quarterdeck_dissenting_nodes")).toEqual(['quarterdeck_dissenting_nodes{cluster="san-a"} 1']);
});
