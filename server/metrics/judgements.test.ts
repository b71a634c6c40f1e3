// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { bond, cluster, drbd, nodeFacts, port, silent, T0 } from "@/server/cluster/factories";
import { pair, rubySide } from "@/server/cluster/pair.factories";
import { linesOf } from "./test-samples";

const broken = () => pair({ bonding: { bonds: [bond("bond0", [port("eth0"), port("eth1", { link: "down" })])], unread: [] } });

it("says of every node whether it is safe to stop, and what the answer is not", async () => {
  const alone = pair({}, { drbd: drbd([rubySide({ role: "Secondary", disk: "Inconsistent" })]) });
  const lines = await linesOf(alone, "quarterdeck_node_safe_to_stop");
  expect(lines).toContain('quarterdeck_node_safe_to_stop{cluster="san-a",node="ruby",answer="no"} 1');
  expect(lines).toContain('quarterdeck_node_safe_to_stop{cluster="san-a",node="ruby",answer="yes"} 0');
});

it("does not call a node safe to stop whose facts are missing", async () => {
  const { nodes } = pair();
  const facts = cluster(...[...nodes.values()].map(silent));
  const lines = await linesOf(facts, "quarterdeck_node_safe_to_stop", T0 + 60_000);
  expect(lines.filter((line) => line.includes('answer="yes"')).every((line) => line.endsWith(" 0"))).toBe(true);
  expect(lines.filter((line) => / 1$/.test(line)).every((line) => line.includes('answer="unknown"'))).toBe(true);
});

it("counts findings of each level, also of those that there are none of, and says since when each holds", async () => {
  const lines = await linesOf(broken(), "quarterdeck_findings");
  expect(lines).toHaveLength(9);
  expect(lines).toContain('quarterdeck_findings{cluster="san-a",level="bad"} 0');
  expect(lines).toContain('quarterdeck_findings{cluster="san-a",level="risk"} 1');
  expect(await linesOf(broken(), "quarterdeck_finding_since_timestamp_seconds")).toEqual([
    `quarterdeck_finding_since_timestamp_seconds{cluster="san-a",rule="bond-ports",level="risk",about="bond:ruby/bond0"} ${T0 / 1_000}`,
  ]);
});

it("judges each thing once, at the level it has now", async () => {
  const lines = await linesOf(broken(), "quarterdeck_level");
  expect(lines).toContain('quarterdeck_level{cluster="san-a",kind="mirror",name="store/0",level="ok"} 1');
  expect(lines.filter((line) => line.includes('kind="bond"'))).toEqual([
    'quarterdeck_level{cluster="san-a",kind="bond",name="ruby/bond0",level="risk"} 1',
  ]);
  const old = await linesOf(broken(), "quarterdeck_level", T0 + 60_000);
  expect(old.filter((line) => /level="(ok|busy)"/.test(line))).toEqual([]);
});

it("says nothing good of a cluster without nodes", async () => {
  const lines = await linesOf(cluster(), "quarterdeck_level");
  expect(lines.filter((line) => line.includes('level="ok"'))).toEqual([]);
});

it("keeps hostile names inside their label", async () => {
  const name = 'x",node="ruby"} 1\nquarterdeck_agent_up{node="\\';
  const facts = cluster(nodeFacts("ruby", { bonding: { bonds: [bond(name, [port("eth0")])], unread: [] } }));
  const lines = await linesOf(facts, "quarterdeck_bond_ports");
  expect(lines).toEqual([
    'quarterdeck_bond_ports{cluster="san-a",node="ruby",bond="x\\",node=\\"ruby\\"} 1\ufffdquarterdeck_agent_up{node=\\"\\\\"} 1',
  ]);
});
