// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { cleanup, render, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, test } from "vitest";
import type { Entity, EntityOf } from "@/agent/protocol/console/view";
import { cluster, NOW_MS, node, said, source } from "@/components/factories";
import { corosync, ring } from "@/components/network-factories";
import { NodeView } from "@/components/node/NodeView";
import { liveFixture } from "@/components/with-live";
import { ClusterView } from "../ClusterView";

afterEach(cleanup);

const words = (element: HTMLElement) => (element.textContent ?? "").replaceAll("\u00a0", " ");
const region = (name: string | RegExp) => words(screen.getByRole("region", { name }));
const nodes = (...names: string[]) => [cluster(), ...names.map((name) => node(name))];
const read = (...names: string[]) => names.map((name) => source(name, "corosync"));

function stack(...entities: Entity[]) {
  const live = liveFixture(entities);
  render(live.wrap(<ClusterView picture={live.picture} mayEnrol={false} />));
}
function page(ruby: EntityOf<"node">, ...entities: Entity[]) {
  const live = liveFixture([cluster(), ruby, ...entities]);
  render(live.wrap(<NodeView picture={live.picture} node={ruby} kernel={undefined} />));
}
const down = ring(1, {
  said: said("risk", "down", "Neither hears the other."),
  ends: [
    { node: "crystal", address: "10.21.0.12", said: said("risk", "hears nobody") },
    { node: "ruby", address: "10.21.0.11", said: said("risk", "hears nobody") },
  ],
  pairs: [{ a: "crystal", b: "ruby", said: said("risk", "down"), aSays: "enabled", bSays: "enabled" }],
});

describe("rings in the stack", () => {
  test("of two nodes: both addresses, and a wire that says how it is", () => {
    stack(...nodes("crystal", "ruby"), ...read("crystal", "ruby"), ring(0), down);
    expect(region("Rings")).toContain("ring 0 10.20.0.12");
    expect(region("Rings")).toContain("ring 0 connected");
    expect(region("Rings")).toContain("ring 1 down");
    expect(region("Rings")).toContain("ring 1 10.21.0.11hears nobody");
  });

  test("of three nodes: the pairs that are not well, by name", () => {
    const names = ["bergen", "narvik", "tromso"];
    const ends = names.map((name, index) => ({ node: name, address: `10.40.0.3${index + 1}`, said: said("ok", "up") }));
    const pair = { a: "narvik", b: "tromso", said: said("risk", "down"), aSays: "enabled", bSays: "enabled" };
    stack(
      ...nodes(...names),
      ...read(...names),
      ring(0, { ends, pairs: [] }),
      ring(1, { ends, said: said("risk", "1 of 3 pairs down"), pairs: [pair] }),
    );
    expect(region("Rings")).toContain("ring 0 connectedbetween all 3");
    expect(region("Rings")).toContain("ring 1: 1 of 3 pairs downnarvik and tromso: down");
  });

  test("of four nodes: each node's addresses in the table", () => {
    const names = ["a1", "a2", "a3", "a4"];
    const ends = names.map((name, index) => ({ node: name, address: `10.0.0.${index + 1}`, said: said("ok", "up") }));
    stack(...nodes(...names), ...read(...names), ring(0, { ends, pairs: [] }));
    for (const address of ["10.0.0.1", "10.0.0.4", "ring 0 connected"]) expect(region("Rings")).toContain(address);
  });

  test("none anywhere, none known: no layer", () => {
    stack(...nodes("crystal", "ruby"), ...["crystal", "ruby"].map((name) => source(name, "corosync", { status: "absent", okAtMs: null })));
    expect(screen.queryByRole("region", { name: "Rings" })).toBeNull();
  });

  test.each<[string, Parameters<typeof source>[2], RegExp]>([
    ["absent", { status: "absent", okAtMs: null }, /no rings here/],
    ["not read yet", { status: "pending", okAtMs: null, takenAtMs: null }, /rings not read yet/],
    [
      "forbidden",
      { status: "failed", okAtMs: null, error: { code: "COLLECT_FORBIDDEN", message: "Corosync refuses this user" } },
      /could not read: Corosync refuses this user/,
    ],
    [
      "hung",
      { status: "failed", okAtMs: NOW_MS - 283_000, error: { code: "COLLECT_TIMEOUT", message: "did not answer" } },
      /not read since 13:58:02, 4 min 43 s ago/,
    ],
  ])("on a node where Corosync is %s: said there, and the other side stays", (_, part, expected) => {
    stack(...nodes("crystal", "ruby"), source("crystal", "corosync", part), ...read("ruby"), ring(0));
    expect(region("Rings")).toMatch(expected);
    expect(region("Rings")).toContain("10.20.0.11");
  });
});

describe("Corosync on a node's page", () => {
  test("quorum, votes, flags and names; each link with both ends and the words as printed", () => {
    page(node("ruby"), ...read("ruby"), corosync("ruby"), ring(0), down);
    const part = region(/^Corosync/);
    expect(part).toContain("quorate 2 of 2 votes, 1 needed; 2Node; WaitForAll");
    expect(part).toContain("It counts ruby (itself), crystal.");
    expect(part).toContain("cluster name hacluster, transport knet, node number 1, membership 1.3e");
    const row = words(screen.getByRole("row", { name: /^ring 1 / }));
    for (const text of ["crystal 10.21.0.12", "down", "Corosync here says: enabled connected", "10.21.0.11", "1446 bytes"])
      expect(row).toContain(text);
  });

  test("a Corosync that does not run says so, and no link is invented", () => {
    const nothing = { isRunning: false, quorum: null, members: null, links: null, transport: null, localNodeId: null };
    page(node("ruby"), ...read("ruby"), corosync("ruby", nothing, { said: said("risk", "does not run", "No Corosync answers.") }));
    expect(region(/^Corosync/)).toContain("does not run");
    expect(within(screen.getByRole("region", { name: /^Corosync/ })).queryByRole("table")).toBeNull();
  });

  test("a part that could not be read is named", () => {
    const unread = [{ what: "links", code: "COLLECT_TIMEOUT" as const, message: "corosync-cfgtool did not answer" }];
    page(node("ruby"), source("ruby", "corosync", { unread }), corosync("ruby", { links: null }));
    expect(region(/^Corosync/)).toContain("links: could not read: corosync-cfgtool did not answer");
  });

  test("not on this node: no part of the page, but its line in what is read", () => {
    page(node("ruby"), source("ruby", "corosync", { status: "absent", okAtMs: null }));
    expect(screen.queryByRole("region", { name: /^Corosync/ })).toBeNull();
    expect(words(screen.getByRole("row", { name: /^Corosync/ }))).toContain("not on this node");
  });
});
