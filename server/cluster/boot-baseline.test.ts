// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Readings } from "@/agent/protocol/sources";
import { arrayName, rememberNames } from "./boot-baseline";
import { around, cluster, fact, host, mdArray, member, nodeFacts, ok, pacemaker, resource, T0 } from "./factories";
import type { ClusterFacts } from "./facts";
import { project } from "./project";
import { reduce } from "./reduce";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const pools = (...names: string[]) => ({
  pools: names.map((name) => ({
    name,
    state: "ONLINE",
    status: null,
    action: null,
    scan: null,
    errors: null,
    sizeBytes: null,
    allocatedBytes: null,
    vdevs: [],
  })),
  unread: [],
});
const fold = (facts: ClusterFacts, readings: Readings, atMs: number) => {
  const [source] = Object.keys(readings);
  if (source !== "zfs" && source !== "md" && source !== "host") throw new Error(source);
  return reduce(facts, { type: "frame", node: "ruby", frame: fact(source, readings, atMs) }, atMs).facts;
};
const boot = (bootId: string, atMs: number, uptimeSeconds: number): Readings => ({
  host: ok(host({ bootId, uptimeSeconds }), atMs),
});
/** With every agent heard just now. */
const heard = (facts: ClusterFacts, nowMs: number) =>
  cluster(...[...facts.nodes.values()].map((node) => ({ ...node, lastWordAtMs: nowMs })));
const told = (facts: ClusterFacts, nowMs: number) =>
  [...project(heard(facts, nowMs), around(nowMs), new Map()).values()].flatMap((one) =>
    one.kind === "finding" && one.rule.endsWith("-missing") ? [`${one.level} ${one.title}`] : [],
  );

/** ruby ran for a day with this, and booted at T0. */
function booted(before: Readings, after: Readings, ...others: Parameters<typeof cluster>): ClusterFacts {
  const was = fold(fold(cluster(nodeFacts("ruby"), ...others), boot("boot-0", T0 - DAY_MS, 60), T0 - DAY_MS), before, T0 - DAY_MS);
  // The list may be heard before the machine says that it booted.
  return fold(fold(was, after, T0 + 20_000), boot("boot-1", T0 + 25_000, 25), T0 + 25_000);
}
const tank: Readings = { zfs: ok(pools("tank"), T0) };
const noPool: Readings = { zfs: ok(pools(), T0) };

describe("what a boot did not bring back", () => {
  it("is told a minute later, and no more once it is there", () => {
    const facts = booted(tank, noPool);
    expect(told(facts, T0 + 25_000)).toEqual([]);
    expect(told(facts, T0 + 2 * MINUTE_MS)).toEqual(["bad ruby: pool tank did not come up after the boot"]);
    expect(told(fold(facts, tank, T0 + 3 * MINUTE_MS), T0 + 4 * MINUTE_MS)).toEqual([]);
  });

  it("also when the kernel came up without the module", () => {
    const absent = { status: "absent" as const, takenAtMs: T0 };
    expect(told(booted(tank, { zfs: absent }), T0 + 2 * MINUTE_MS)).toHaveLength(1);
    expect(told(booted({ md: ok({ arrays: [mdArray("md0")], unread: [] }) }, { md: absent }), T0 + 2 * MINUTE_MS)).toEqual([
      "bad ruby: md0 did not come up after the boot",
    ]);
  });

  it("also over a second boot, and for 30 days", () => {
    const again = fold(booted(tank, noPool), boot("boot-2", T0 + DAY_MS, 30), T0 + DAY_MS);
    expect(told(again, T0 + DAY_MS + MINUTE_MS)).toHaveLength(1);
    expect(told(fold(again, { zfs: ok(pools("other"), T0) }, T0 + 31 * DAY_MS), T0 + 31 * DAY_MS)).toEqual([]);
  });

  it("is not what the boot brought, and somebody took away minutes later", () => {
    expect(told(fold(booted(tank, tank), noPool, T0 + 5 * MINUTE_MS), T0 + 20 * MINUTE_MS)).toEqual([]);
    const up = booted({ md: ok({ arrays: [mdArray("md0")], unread: [] }) }, { md: ok({ arrays: [mdArray("md0")], unread: [] }) });
    expect(told(fold(up, { md: ok({ arrays: [], unread: [] }, T0) }, T0 + 5 * MINUTE_MS), T0 + 20 * MINUTE_MS)).toEqual([]);
  });

  it("is told of the next boot that does not bring it, too", () => {
    const again = fold(booted(tank, tank), boot("boot-2", T0 + DAY_MS, 30), T0 + DAY_MS);
    expect(told(fold(again, noPool, T0 + DAY_MS + 10_000), T0 + DAY_MS + 2 * MINUTE_MS)).toHaveLength(1);
  });

  it("is not what was exported while the node ran", () => {
    expect(told(fold(booted(tank, tank), noPool, T0 + DAY_MS), T0 + 2 * DAY_MS)).toEqual([]);
  });

  it("is not an array under another name, nor one that another node has", () => {
    const arrays = (name: string) => ({ arrays: [mdArray(name)], unread: [] });
    const md = (name: string): Readings => ({ md: ok(arrays(name), T0) });
    const none: Readings = { md: ok({ arrays: [], unread: [] }, T0) };
    expect(told(booted(md("md0"), md("md127")), T0 + 2 * MINUTE_MS)).toEqual([]);
    expect(told(booted(md("md0"), none, nodeFacts("crystal", { md: arrays("md0") })), T0 + 2 * MINUTE_MS)).toEqual([]);
    expect(told(booted(md("md0"), none, nodeFacts("crystal")), T0 + 2 * MINUTE_MS)).toHaveLength(1);
  });

  it.each([
    ["names it", { pool: "tank" }, 0],
    ["names another", { pool: "other" }, 1],
    ["names none that is read", undefined, 0],
  ])("is the cluster's where a service %s", (_, values, count) => {
    const services = pacemaker(
      [member("crystal"), member("ruby")],
      [resource("p_pool", null, { agent: "ocf:heartbeat:ZFS", targetRole: "Stopped" })],
      {
        parameters: values ? [{ resource: "p_pool", values }] : [],
      },
    );
    const facts = booted(tank, noPool, nodeFacts("crystal", { pacemaker: services }));
    expect(told(facts, T0 + 2 * MINUTE_MS)).toHaveLength(count);
  });
});

it("hostile names do not grow it without bound", () => {
  let memory = {};
  for (let round = 0; round < 9; round += 1) {
    const names = Array.from({ length: 100 }, (_, index) => arrayName({ name: `md${round}-${index}`, uuid: null }));
    memory = rememberNames(memory, [], names, T0 + round);
  }
  expect(Object.keys(memory).length).toBeLessThanOrEqual(768);
});
