// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { EntityOf } from "@/agent/protocol/console/view";
import type { MdArray, MdMember } from "@/agent/protocol/model/md";
import { aoeDevice, aoeExport, around, cluster, fact, host, mdArray, mdMember, nodeFacts, ok, silent, T0, target } from "./factories";
import type { ClusterFacts } from "./facts";
import { project } from "./project";
import { tell } from "./tell.factories";

const JADE = "52:54:00:00:01:00";
const GLOUTON = "52:54:00:00:02:00";

/** hv06 with one array over a leg at jade and a leg at glouton. */
function attic(array: Partial<MdArray> = {}, other: Partial<MdArray> | null = null): ClusterFacts {
  const storage = (name: string, mac: string, device: string) =>
    nodeFacts(name, {
      aoe: { devices: [], exports: [aoeExport(device)], deadSeconds: null, unread: [] },
      host: host({ interfaces: [{ name: "e1p1", mac, linkUp: true, speedBitsPerSec: null, mtu: null }] }),
    });
  const client = (name: string, one: Partial<MdArray>) =>
    nodeFacts(
      name,
      {
        aoe: {
          devices: [aoeDevice("e10.6", [target(JADE)]), aoeDevice("e11.6", [target(GLOUTON)])],
          exports: [],
          deadSeconds: 180,
          unread: [],
        },
        md: { arrays: [mdArray("md0", one)], unread: [] },
      },
      { role: "client" },
    );
  return cluster(
    storage("jade", JADE, "e10.6"),
    storage("glouton", GLOUTON, "e11.6"),
    client("hv06", array),
    ...(other ? [client("hv05", other)] : []),
  );
}

function arrayOf(facts: ClusterFacts, key = "array:hv06/md0"): EntityOf<"array"> {
  const entity = project(facts, around(), new Map()).get(key);
  if (entity?.kind !== "array") throw new Error(`no ${key} in the view`);
  return entity;
}

const word = ({ said }: EntityOf<"array">) => `${said.level} ${said.word}`;
const findings = (facts: ClusterFacts) =>
  [...project(facts, around(), new Map()).values()].flatMap((entity) =>
    entity.kind === "finding" ? [`${entity.level} ${entity.title}`] : [],
  );
const failed: MdMember[] = [mdMember("etherd/e11.6", 1, { flags: ["F"] }), mdMember("etherd/e10.6", 0, { state: "in_sync", slot: 0 })];
const degraded = { activeDisks: 1, map: "U_", members: failed };
const rebuilding: Partial<MdArray> = {
  ...degraded,
  members: [mdMember("etherd/e11.6", 1, { state: "spare", slot: 1 }), mdMember("etherd/e10.6", 0, { state: "in_sync", slot: 0 })],
  action: { kind: "recovery", state: "running", percent: 22.4, doneBytes: 1, totalBytes: 2, finishSeconds: 90, rateBytesPerSec: 3 },
};

describe("an md array", () => {
  it("shows both ends of each leg", () => {
    const { legs } = arrayOf(attic());
    expect(legs.map(({ name, at, key, said }) => [name, at, key, said.word])).toEqual([
      ["e10.6", "jade", "aoe:hv06/e10.6", "in sync"],
      ["e11.6", "glouton", "aoe:hv06/e11.6", "in sync"],
    ]);
  });

  it.each<[string, Partial<MdArray>, string]>([
    ["whole", {}, "ok 2 of 2 legs"],
    ["a failed leg", degraded, "risk 1 of 2 legs"],
    ["a rebuild", rebuilding, "risk 1 of 2 legs, recovery 22 %"],
    ["no leg left", { activeDisks: 0, map: "__" }, "bad 0 of 2 legs"],
    ["not running", { state: "inactive", level: null, raidDisks: null, activeDisks: null, map: null }, "bad not running"],
    ["a BIOS RAID's container", { state: "inactive", metadata: "external:imsm", raidDisks: null, activeDisks: null }, "ok container"],
    ["broken", { state: "broken" }, "bad broken"],
    ["a word nobody knows", { state: "entangled" }, "unknown entangled"],
    ["a spare took over", { members: [...failed, mdMember("sdc", 2)] }, "risk 2 of 2 legs, a failed one listed"],
    ["legs that differ", { mismatchCount: 128 }, "differs 128 sectors differ"],
    ["read-only", { readOnly: "read-only" }, "held 2 of 2 legs, read-only"],
    ["not written yet", { readOnly: "auto-read-only" }, "ok 2 of 2 legs"],
    ["a stripe", { level: "raid0", raidDisks: null, activeDisks: null, map: null }, "ok 2 members"],
  ])("%s", (_, array, expected) => {
    expect(word(arrayOf(attic(array)))).toBe(expected);
  });

  it("names the leg that failed and the one that is rebuilt; what nobody said of a leg is unknown", () => {
    const legs = (array: Partial<MdArray>) => arrayOf(attic(array)).legs.map(({ said }) => `${said.level} ${said.word}`);
    expect(legs(degraded)).toEqual(["ok in sync", "bad failed"]);
    expect(legs(rebuilding)).toEqual(["ok in sync", "busy rebuilding"]);
    expect(legs({ activeDisks: 1, map: "U_" })).toEqual(["unknown in use", "unknown in use"]);
  });

  it("of a silent node is old, legs too", () => {
    const facts = attic();
    const hv06 = facts.nodes.get("hv06");
    if (!hv06) throw new Error("attic has hv06");
    const view = arrayOf({ ...facts, nodes: new Map(facts.nodes).set("hv06", silent(hv06)) });
    expect(word(view)).toBe("old was 2 of 2 legs");
    expect(view.legs[0]?.said.level).toBe("old");
  });

  it.each<[string, Partial<MdArray>, string[]]>([
    ["whole", {}, []],
    ["degraded", degraded, ["risk hv06: md0 has 1 of 2 legs"]],
    ["broken", { state: "broken" }, ["bad hv06: md0 is broken"]],
    ["no leg", { activeDisks: 0, map: "__" }, ["bad hv06: md0 has no leg in sync"]],
    [
      "without redundancy and a member failed",
      { level: "raid0", raidDisks: null, activeDisks: null, map: null, members: failed },
      ["bad hv06: md0 e11.6 failed"],
    ],
    ["differs", { mismatchCount: 1 }, ["differs hv06: md0: 1 sector differs"]],
    ["unknown", { state: "entangled" }, ["unknown Not known: md0 (entangled) on hv06"]],
  ])("%s: what a person should know of it", (_, array, expected) => {
    expect(findings(attic(array))).toEqual(expected);
  });

  it("what sysfs did not say is not known: legs may differ, and it may run elsewhere", () => {
    const unread = [{ what: "md0 in sysfs", code: "COLLECT_TIMEOUT" as const, message: "did not answer" }];
    const hv06 = nodeFacts("hv06", { md: { arrays: [mdArray("md0", { mismatchCount: null, uuid: null })], unread } });
    expect(findings(cluster(hv06))).toEqual(["unknown Not known: md0 in sysfs on hv06"]);
  });

  it("running on two nodes at once is the worst: two hosts write one mirror", () => {
    // At first it may be what is left of a move: two readings some seconds apart.
    expect(findings(attic({}, {}))).toEqual(["busy hv05 and hv06 run one md array at once"]);
    const [id] = [...project(attic({}, {}), around(), new Map()).keys()].flatMap((key) =>
      key.startsWith("finding:array-twice") ? [key.slice(8)] : [],
    );
    const held = project(attic({}, {}), around(T0, { findingSince: new Map([[id ?? "", T0 - 11_000]]) }), new Map());
    expect([...held.values()].flatMap((one) => (one.kind === "finding" ? [one.level] : []))).toEqual(["bad"]);
    expect(findings(attic({ isClustered: true }, { isClustered: true }))).toEqual([]);
    expect(findings(attic({}, { uuid: "0".repeat(8) }))).toEqual([]);
  });
});

it("arrays of one UUID on each node's own disks are told once, as what may be copied machines", () => {
  const local = { members: [mdMember("sda1", 0), mdMember("sdb1", 1)] };
  const machine = (name: string) =>
    nodeFacts(name, { md: { arrays: [mdArray("md0", local), mdArray("md1", { ...local, uuid: "0".repeat(8) })], unread: [] } });
  const facts = cluster(machine("hv05"), machine("hv06"));
  expect(findings(facts)).toEqual(["busy hv05 and hv06 have md arrays with the same UUID"]);
  const view = project(facts, around(T0, { findingSince: new Map([["array-copies:hv05/hv06", T0 - 11_000]]) }), new Map());
  expect(view.get("finding:array-copies:hv05/hv06")).toMatchObject({
    level: "risk",
    why: expect.stringMatching(
      /^md0 on hv05, md0 on hv06, md1 on hv05 and md1 on hv06\. Whether they stand on the same disks is not known/,
    ),
    about: ["array:hv05/md0", "array:hv06/md0", "array:hv05/md1", "array:hv06/md1"],
  });
});

it("what happened to an array, in order, with how long a rebuild took", () => {
  const md = (array: Partial<MdArray>, atMs: number) => fact("md", { md: ok({ arrays: [mdArray("md0", array)], unread: [] }, atMs) }, atMs);
  const { texts } = tell(
    attic(),
    ["hv06", md({}, T0 + 1_000)],
    ["hv06", md(degraded, T0 + 5_000)],
    ["hv06", md(rebuilding, T0 + 65_000)],
    ["hv06", md({}, T0 + 125_000)],
    ["hv06", md({ mismatchCount: 128 }, T0 + 130_000)],
    ["hv06", md({ mismatchCount: null }, T0 + 132_000)],
    ["hv06", md({ mismatchCount: 128 }, T0 + 134_000)],
    ["hv06", md({ state: "inactive", raidDisks: null, activeDisks: null, mismatchCount: 128 }, T0 + 140_000)],
  );
  expect(texts).toEqual([
    "hv06: md0 lost e11.6: failed, 1 of 2 legs left",
    "hv06: md0 got e11.6",
    "hv06: md0 recovery started",
    "hv06: md0 is whole again after 1 min",
    "hv06: md0 check found 128 differing sectors",
    "hv06: md0 is inactive, was active",
  ]);
});
