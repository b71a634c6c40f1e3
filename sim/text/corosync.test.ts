// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { type LinkText, type QuorumText, renderConfig, renderLinks, renderQuorum, renderReachable, renderRings } from "./corosync";

const captured = (name: string) => readFileSync(path.join(import.meta.dirname, "../fixtures/corosync", `${name}.txt`), "utf8");

const nodes = (...ids: number[]) => ids.map((id) => ({ id, name: `node${id}` }));
const quorum = (time: string, ringId: string, ids: number[], more: Partial<QuorumText> = {}): QuorumText => ({
  atMs: Date.parse(`${time} UTC`),
  nodeId: 1,
  ringId,
  isQuorate: true,
  expectedVotes: 3,
  quorumVotes: 2,
  flags: ["Quorate"],
  members: nodes(...ids),
  ...more,
});

/** Two links to nodes 2 and 3. `down`: link and peer; `gone`: peers that cannot be reached at all. */
function links(down: readonly string[] = [], gone: readonly number[] = []): LinkText[] {
  return [0, 1].map((link) => ({
    link,
    address: `10.7${7 + link}.0.1`,
    peers: [2, 3].map((id) => ({
      id,
      address: `10.7${7 + link}.0.${id}`,
      isConnected: !down.includes(`${link} ${id}`) && !gone.includes(id),
      isReachable: !gone.includes(id),
    })),
  }));
}

describe("corosync-quorumtool -s", () => {
  it.each<[string, QuorumText]>([
    ["healthy", quorum("Fri Nov 20 11:22:56 2026", "1.d", [1, 2, 3])],
    ["two-of-three", quorum(/Date: +(.*)/.exec(captured("two-of-three.quorumtool"))?.[1] ?? "", "1.11", [1, 2])],
    ["quorum-lost", quorum("Fri Nov 20 11:38:40 2026", "1.42", [1], { isQuorate: false, flags: [] })],
  ])("says %s as Corosync 3.1.7 said it", (name, text) => {
    expect(renderQuorum(text)).toBe(captured(`${name}.quorumtool`));
  });

  it("says two nodes as Corosync 3.1.7 said them", () => {
    const said = captured("two-nodes.quorumtool");
    const members = [
      { id: 1, name: "alice" },
      { id: 2, name: "bob" },
    ];
    const time = /Date: +(.*)/.exec(said)?.[1] ?? "";
    expect(
      renderQuorum(quorum(time, "1.12", [], { nodeId: 2, members, expectedVotes: 2, quorumVotes: 1, flags: ["2Node", "Quorate"] })),
    ).toBe(said);
  });
});

describe("corosync-cfgtool", () => {
  it.each<[string, LinkText[]]>([
    ["healthy", links()],
    ["link-down", links(["1 3"])],
    ["two-of-three", links([], [3])],
    ["quorum-lost", links([], [2, 3])],
  ])("says the links of %s as Corosync 3.1.7 said them", (name, text) => {
    expect(renderLinks(1, text)).toBe(captured(`${name}.cfgtool-s`));
    expect(renderReachable(1, text)).toBe(captured(`${name}.cfgtool-n`));
  });

  it("says rings as Corosync 2.4 did: one word for each whole ring", () => {
    const rings = [
      { link: 0, address: "10.30.0.21", isFaulty: false },
      { link: 1, address: "10.31.0.21", isFaulty: true },
    ];
    expect(renderRings(1, rings)).toBe(
      "Printing ring status.\nLocal node ID 1\nRING ID 0\n\tid\t= 10.30.0.21\n\tstatus\t= ring 0 active with no faults\n" +
        "RING ID 1\n\tid\t= 10.31.0.21\n\tstatus\t= Marking ringid 1 interface 10.31.0.21 FAULTY\n",
    );
  });
});

it("corosync.conf names each node with its address on each ring", () => {
  const text = renderConfig({
    clusterName: "hacluster",
    transport: "knet",
    isTwoNode: true,
    tokenMs: null,
    nodes: [{ id: 1, name: "ruby", addresses: ["10.20.0.11", "10.21.0.11"] }],
  });
  expect(text).toContain("\tcluster_name: hacluster\n");
  expect(text).toContain("\tnode {\n\t\tname: ruby\n\t\tnodeid: 1\n\t\tring0_addr: 10.20.0.11\n\t\tring1_addr: 10.21.0.11\n\t}\n");
});
