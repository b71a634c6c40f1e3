// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { around, cluster, failed, host, nodeFacts, silent, T0 } from "@/server/cluster/factories";
import type { NodeFacts } from "@/server/cluster/facts";
import { project } from "@/server/cluster/project";

function titles(rule: string, nodes: readonly NodeFacts[], findingSince = new Map<string, number>()): string[] {
  const view = project(cluster(...nodes), around(T0, { findingSince }), new Map());
  return [...view.values()].flatMap((one) => (one.kind === "finding" && one.rule === rule ? [one.title] : []));
}

describe("a node's clock", () => {
  const clock = (name: string, aheadMs: number) => nodeFacts(name, {}, { clockOffsetMs: -aheadMs, hasPulse: true });
  const clocks = (...nodes: NodeFacts[]) => titles("node-clock", nodes);

  it("that is off is told, ahead or behind", () => {
    expect(clocks(clock("ruby", 3_600_000), clock("crystal", 0))).toEqual(["ruby's clock is 1 h ahead of the console's"]);
    expect(clocks(clock("ruby", 0), clock("crystal", -90_000))).toEqual(["crystal's clock is 1 min 30 s behind the console's"]);
  });
  it("that is off by the time words need is no news", () => {
    expect(clocks(clock("ruby", 9_000), clock("crystal", -9_000))).toEqual([]);
  });
  it("once told it stands until it is well below", () => {
    const told = (...ids: string[]) => new Map(ids.map((id) => [`node-clock:${id}`, T0 - 10_000]));
    const drifting = [clock("ruby", 8_000), clock("crystal", 0)];
    expect(titles("node-clock", drifting)).toEqual([]);
    expect(titles("node-clock", drifting, told("ruby"))).toEqual(["ruby's clock is 8 s ahead of the console's"]);
    expect(titles("node-clock", [clock("ruby", 6_000), clock("crystal", 0)], told("ruby"))).toEqual([]);
    const both = [clock("ruby", -8_000), clock("crystal", -9_000)];
    expect(titles("node-clock", both, told("console"))).toEqual(["The console's clock is 8 s ahead of every node's"]);
  });
  it("every node off by the same: it is the console's clock", () => {
    expect(clocks(clock("ruby", -60_000), clock("crystal", -61_000))).toEqual(["The console's clock is 1 min ahead of every node's"]);
  });
  it("of a silent node says nothing now, and neither does one that was not heard over this link", () => {
    expect(clocks(silent(clock("ruby", 3_600_000)), clock("crystal", 0))).toEqual([]);
    expect(clocks(nodeFacts("ruby", {}, { clockOffsetMs: 3_600_000 }), clock("crystal", 0))).toEqual([]);
  });
});

describe("waiting for disks", () => {
  const waits = (percent: number | null) => [nodeFacts("ruby", { host: host({ ioPressurePercent: percent }) })];

  it("most of the time is told; a resync's worth of it, or a kernel that does not measure it, is not", () => {
    expect(titles("node-io", waits(71))).toEqual(["ruby waits for its disks"]);
    expect(titles("node-io", waits(30))).toEqual([]);
    expect(titles("node-io", waits(null))).toEqual([]);
  });
  it("once told it stands until it is well below", () => {
    const told = new Map([["node-io:ruby", T0 - 10_000]]);
    expect(titles("node-io", waits(30), told)).toEqual(["ruby waits for its disks"]);
    expect(titles("node-io", waits(20), told)).toEqual([]);
  });
  it("by a reading of long ago is no news, whatever its node's line is like", () => {
    const [ruby] = waits(71);
    if (!ruby?.sources.host) throw new Error("ruby has a host");
    const unread = { ...ruby, sources: { ...ruby.sources, host: { ...ruby.sources.host, reading: failed("did not answer") } } };
    expect(titles("node-io", [unread])).toEqual([]);
  });
});
