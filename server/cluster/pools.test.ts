// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { EntityOf } from "@/agent/protocol/console/view";
import type { ZfsPool, ZfsVdev } from "@/agent/protocol/model/zfs";
import { around, cluster, drbd, fact, nodeFacts, ok, silent, T0 } from "./factories";
import type { ClusterFacts } from "./facts";
import { crystalSettings, crystalSide, rubySettings, rubySide } from "./pair.factories";
import { project } from "./project";
import { tell } from "./tell.factories";

function vdev(name: string, depth: number, more: Partial<ZfsVdev> = {}): ZfsVdev {
  return { name, depth, state: "ONLINE", readErrors: 0, writeErrors: 0, checksumErrors: 0, note: null, ...more };
}

function pool(more: Partial<ZfsPool> = {}): ZfsPool {
  return {
    name: "tank",
    state: "ONLINE",
    status: null,
    action: null,
    scan: null,
    errors: "No known data errors",
    sizeBytes: 2 ** 40,
    allocatedBytes: 2 ** 39,
    vdevs: [vdev("tank", 0), vdev("drbd0", 1)],
    ...more,
  };
}

/** ruby has a pool on its side of store. */
function facts(more: Partial<ZfsPool> = {}): ClusterFacts {
  return cluster(
    nodeFacts("ruby", { drbd: drbd([rubySide()], { settings: [rubySettings] }), zfs: { pools: [pool(more)], unread: [] } }),
    nodeFacts("crystal", { drbd: drbd([crystalSide()], { settings: [crystalSettings] }) }),
  );
}

function poolOf(from: ClusterFacts): EntityOf<"pool"> {
  const entity = project(from, around(), new Map()).get("pool:ruby/tank");
  if (entity?.kind !== "pool") throw new Error("no pool in the view");
  return entity;
}
const word = ({ said }: EntityOf<"pool">) => `${said.level} ${said.word}`;
const findings = (from: ClusterFacts) =>
  [...project(from, around(), new Map()).values()].flatMap((entity) =>
    entity.kind === "finding" ? [`${entity.level} ${entity.title}`] : [],
  );
const bad = [vdev("tank", 0), vdev("drbd0", 1, { state: "FAULTED", note: "too many errors" })];

describe("a ZFS pool", () => {
  it("names the mirror that its device is", () => {
    expect(poolOf(facts()).devices).toMatchObject([{ name: "drbd0", key: "mirror:store/0", said: { level: "ok", word: "online" } }]);
  });

  it.each<[string, Partial<ZfsPool>, string, string[]]>([
    ["online", {}, "ok online", []],
    ["a scrub runs", { scan: "scrub in progress since Mon 13.97% done" }, "busy online, scrub 13 %", []],
    ["degraded", { state: "DEGRADED", vdevs: bad }, "risk degraded", ["risk ruby: pool tank: degraded"]],
    ["suspended", { state: "SUSPENDED" }, "bad suspended", ["bad ruby: pool tank: suspended"]],
    ["data lost", { errors: "2 data errors, use '-v' for a list" }, "bad data errors", ["bad ruby: pool tank: data errors"]],
    [
      "a device with errors",
      { vdevs: [vdev("tank", 0), vdev("sdd", 1, { checksumErrors: 18 })] },
      "risk device errors",
      ["risk ruby: pool tank: device errors"],
    ],
    [
      "a device with a rounded count",
      { vdevs: [vdev("tank", 0), vdev("sdd", 1, { checksumErrors: null })] },
      "risk device errors",
      ["risk ruby: pool tank: device errors"],
    ],
    [
      "online without its cache",
      { vdevs: [vdev("tank", 0), vdev("drbd0", 1), vdev("cache", 0, { state: null }), vdev("sdd", 1, { state: "UNAVAIL" })] },
      "risk a device is gone",
      ["risk ruby: pool tank: a device is gone"],
    ],
    [
      "a device of which ZFS says a word nobody knows",
      { vdevs: [vdev("tank", 0), vdev("sdd", 1, { state: "ENTANGLED" })] },
      "unknown a device not known",
      ["unknown Not known: tank (a device not known) on ruby"],
    ],
    ["a word nobody knows", { state: "ENTANGLED" }, "unknown ENTANGLED", ["unknown Not known: tank (ENTANGLED) on ruby"]],
  ])("%s", (_, more, expected, found) => {
    expect(word(poolOf(facts(more)))).toBe(expected);
    expect(findings(facts(more))).toEqual(found);
  });

  it("of a silent node is old", () => {
    const now = facts({ state: "SUSPENDED" });
    const ruby = now.nodes.get("ruby");
    if (!ruby) throw new Error("ruby is there");
    expect(word(poolOf({ ...now, nodes: new Map(now.nodes).set("ruby", silent(ruby)) }))).toBe("old was suspended");
  });
});

it("what happened to a pool, in order", () => {
  const at = (more: Partial<ZfsPool>, ms: number) => fact("zfs", { zfs: ok({ pools: [pool(more)], unread: [] }, T0 + ms) }, T0 + ms);
  const { texts } = tell(
    facts(),
    ["ruby", at({}, 1_000)],
    ["ruby", at({ state: "DEGRADED", vdevs: bad }, 2_000)],
    ["ruby", at({ scan: "resilver in progress since Mon" }, 3_000)],
    ["ruby", at({ scan: "resilvered 2G in 00:01:00 with 0 errors" }, 4_000)],
  );
  expect(texts).toEqual([
    "ruby: pool tank is DEGRADED, was ONLINE",
    "ruby: pool tank drbd0 is FAULTED",
    "ruby: pool tank is ONLINE, was DEGRADED",
    "ruby: pool tank drbd0 is ONLINE",
    "ruby: pool tank resilver started",
    "ruby: pool tank resilver ended: resilvered 2G in 00:01:00 with 0 errors",
  ]);
});
