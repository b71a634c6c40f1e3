// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { EntityOf } from "@/agent/protocol/console/view";
import type { Corosync } from "@/agent/protocol/model/corosync";
import { corosync, link, stoppedCorosync } from "./corosync.factories";
import { around, cluster, nodeFacts, silent, T0 } from "./factories";
import type { ClusterFacts, NodeFacts } from "./facts";
import { corosyncEntities } from "./rings";

const NAMES = ["ruby", "crystal"];
const three = ["bergen", "narvik", "tromso"];
const node = (name: string, value: Corosync | null) => nodeFacts(name, value ? { corosync: value } : {});
const pairOf = (ruby: Corosync | null, crystal: Corosync | null) => cluster(node("ruby", ruby), node("crystal", crystal));

function rings(facts: ClusterFacts, nowMs = T0): EntityOf<"ring">[] {
  return corosyncEntities(facts, new Map(), around(nowMs)).flatMap(([, entity]) => (entity.kind === "ring" ? [entity] : []));
}
const words = (facts: ClusterFacts, nowMs = T0) => rings(facts, nowMs).map(({ link: at, said }) => `${at} ${said.level} ${said.word}`);
const reading = (facts: NodeFacts): NodeFacts => ({ ...facts, reads: ["corosync"] });

describe("a ring is what both its ends say of it", () => {
  it.each<[string, ClusterFacts, string[]]>([
    ["both hear", pairOf(corosync(1, NAMES), corosync(2, NAMES)), ["0 ok connected", "1 ok connected"]],
    ["neither hears", pairOf(corosync(1, NAMES, ["1 2"]), corosync(2, NAMES, ["1 1"])), ["0 ok connected", "1 risk down"]],
    [
      "one hears",
      pairOf(corosync(1, NAMES), corosync(2, NAMES, ["1 1"])),
      ["0 ok connected", "1 risk ruby hears crystal, crystal does not hear ruby"],
    ],
    [
      "every ring is down: what was one of two is the last",
      pairOf(corosync(1, NAMES, ["0 2", "1 2"]), corosync(2, NAMES, ["0 1", "1 1"])),
      ["0 bad down", "1 bad down"],
    ],
    ["the other end is read by nobody", pairOf(corosync(1, NAMES), null), ["0 ok ruby hears crystal", "1 ok ruby hears crystal"]],
    [
      "the other end does not run",
      pairOf(corosync(1, NAMES, ["0 2", "1 2"]), stoppedCorosync({ localNodeId: null })),
      ["0 bad down", "1 bad down"],
    ],
  ])("%s", (_, facts, expected) => {
    expect(words(facts)).toEqual(expected);
  });

  it("one end that could say and does not leaves it unknown, never good", () => {
    const ruby = node("ruby", corosync(1, NAMES));
    const crystal = { ...reading(node("crystal", null)), sources: {} };
    expect(words(cluster(ruby, crystal))).toEqual([
      "0 unknown ruby hears crystal, crystal does not say",
      "1 unknown ruby hears crystal, crystal does not say",
    ]);
  });

  it("when nobody is heard it is what it was", () => {
    const facts = cluster(silent(node("ruby", corosync(1, NAMES))), silent(node("crystal", corosync(2, NAMES))));
    expect(words(facts, T0 + 20_000)).toEqual(["0 old was connected", "1 old was connected"]);
  });

  it("both opinions stand side by side, as printed", () => {
    const [, ring] = rings(pairOf(corosync(1, NAMES), corosync(2, NAMES, ["1 1"])));
    expect(ring?.pairs).toMatchObject([{ a: "crystal", b: "ruby", aSays: "enabled", bSays: "enabled connected" }]);
    expect(ring?.ends).toMatchObject([
      { node: "crystal", address: "10.21.0.12", said: { level: "risk", word: "hears nobody" } },
      { node: "ruby", address: "10.21.0.11", said: { level: "ok" } },
    ]);
  });

  it("between three nodes the pairs are counted", () => {
    const values = [corosync(1, three), corosync(2, three, ["1 3"]), corosync(3, three, ["1 2"])];
    const facts = cluster(...three.map((name, index) => node(name, values[index] ?? null)));
    expect(words(facts)).toEqual(["0 ok connected", "1 risk 1 of 3 pairs down"]);
    expect(rings(facts)[1]?.ends.map(({ said }) => said.word)).toEqual(["up", "hears 1 of 2", "hears 1 of 2"]);
  });
});

describe("Corosync before 3 tells no peers apart", () => {
  const whole = (number: number, text: string) =>
    link(number, 1, 2, true, { peerId: null, words: [text], isConnected: null, remoteAddress: null, transport: null });
  const old = (own: number, second: string) =>
    corosync(own, NAMES, [], { transport: "udpu", links: [whole(0, "ring 0 active with no faults"), whole(1, second)] });

  it.each([
    ["ring 1 active with no faults", "1 ok no faults"],
    ["Marking ringid 1 interface 10.21.0.11 FAULTY", "1 risk faulty"],
    ["ring 1 is dreaming", "1 unknown ring 1 is dreaming"],
  ])("%s", (text, expected) => {
    expect(words(pairOf(old(1, text), old(2, "ring 1 active with no faults")))).toEqual(["0 ok no faults", expected]);
  });
});

describe("who is who", () => {
  it("a node's own word for its number comes before the names that others have for it", () => {
    const members = [1, 2].map((nodeId) => ({ nodeId, name: `10.20.0.1${nodeId}`, votes: 1, isLocal: false, qdevice: null }));
    const facts = pairOf(corosync(1, NAMES, [], { members }), corosync(2, NAMES, [], { members }));
    expect(rings(facts)[0]?.ends.map(({ node: name }) => name)).toEqual(["crystal", "ruby"]);
  });

  it("a number that two nodes claim names neither of them", () => {
    const lone = (name: string) => node(name, corosync(1, ["node1"], [], { links: [link(0, 1, 1, true, { isConnected: null })] }));
    expect(rings(cluster(lone("ruby"), lone("crystal")))[0]?.pairs).toEqual([]);
  });

  it("a peer without an agent goes by its name, and its address by the far end of the link", () => {
    const configured = [1, 2].map((nodeId) => ({ nodeId, name: ["ruby", "crystal"][nodeId - 1] ?? null, addresses: [] }));
    const facts = cluster(node("ruby", corosync(1, NAMES, [], { configured })));
    expect(rings(facts)[0]?.ends).toMatchObject([{ node: "crystal", address: "10.20.0.12", said: { level: "unknown" } }, { node: "ruby" }]);
  });
});

it("each node's own quorum", () => {
  const said = (value: Corosync) => {
    const entity = corosyncEntities(cluster(node("ruby", value)), new Map(), around())[0]?.[1];
    return entity?.kind === "corosync" ? `${entity.said.level} ${entity.said.word}` : null;
  };
  const whole = corosync(1, NAMES);
  expect(said(whole)).toBe("ok quorate");
  expect(said({ ...whole, quorum: whole.quorum && { ...whole.quorum, quorate: false } })).toBe("bad no quorum");
  expect(said({ ...whole, quorum: null })).toBe("unknown not said");
  expect(said(stoppedCorosync())).toBe("risk does not run");
});
