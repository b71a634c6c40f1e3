// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it, test } from "vitest";
import type { Bonding } from "@/agent/protocol/model/bonding";
import { baselineOf, missingPorts, rememberPorts } from "./bond-baseline";
import { around, bond, cluster, fact, host, nodeFacts, ok, port, T0 } from "./factories";
import type { ClusterFacts } from "./facts";
import { project } from "./project";
import { reduce } from "./reduce";

const DAY_MS = 86_400_000;
const bonds = (...ports: string[]): Bonding => ({
  bonds: [
    bond(
      "idmz1",
      ports.map((name) => port(name)),
    ),
  ],
  unread: [],
});
const whole = bonds("e1p2", "e3p2");
const less = bonds("e1p2");
const missing = (memory: ReturnType<typeof rememberPorts>, value: Bonding, bootedAtMs: number | null = null) =>
  value.bonds.flatMap((one) => missingPorts(one, { memory, bootedAtMs, offsetMs: 5 }));

describe("the baseline of a bond's members", () => {
  const known = rememberPorts({}, whole, T0);

  it("a port that stays away is missed since the first reading without it, and no more once it is back", () => {
    const gone = rememberPorts(rememberPorts(known, less, T0 + 1_000), less, T0 + 9_000);
    expect(missing(gone, less)).toEqual([{ port: "e3p2", sinceMs: T0 + 1_005, sinceBoot: false }]);
    expect(missing(rememberPorts(gone, whole, T0 + 20_000), whole)).toEqual([]);
  });
  it("a boot that did not bring it is named; one long before is not", () => {
    const gone = rememberPorts(known, less, T0);
    expect(missing(gone, less, T0 - 30_000)[0]?.sinceBoot).toBe(true);
    expect(missing(gone, less, T0 - DAY_MS)[0]?.sinceBoot).toBe(false);
  });
  it("what was taken out on purpose is forgotten after 30 days", () => {
    const gone = rememberPorts(known, less, T0);
    expect(missing(rememberPorts(gone, less, T0 + 31 * DAY_MS), less)).toEqual([]);
  });
  it("hostile names do not grow it without bound", () => {
    let memory = {};
    for (let round = 0; round < 40; round += 1)
      memory = rememberPorts(memory, bonds(...Array.from({ length: 200 }, (_, index) => `p${round}-${index}`)), T0 + round);
    expect(Object.keys(memory).length).toBeLessThanOrEqual(2_048);
  });
});

test("through the frames of a node: a finding while it is missing, with its boot, and gone when it is back", () => {
  const ruby = nodeFacts("ruby", { bonding: whole, host: host({ uptimeSeconds: 20 }) });
  const fold = (facts: ClusterFacts, value: Bonding, atMs: number) =>
    reduce(facts, { type: "frame", node: "ruby", frame: fact("bonding", { bonding: ok(value, atMs) }, atMs) }, atMs).facts;
  const titles = (facts: ClusterFacts) =>
    [...project(facts, around(T0 + 2_000), new Map()).values()].flatMap((one) =>
      one.kind === "finding" && one.rule === "bond-missing" ? [`${one.title}. ${one.why}`] : [],
    );
  const before = fold(cluster(ruby), whole, T0 - 100_000);
  const after = fold(before, less, T0 + 1_000);
  expect(titles(after)).toEqual([
    "ruby: e3p2 missing from idmz1. e3p2 is missing from idmz1 since the last boot. The kernel says nothing of a port that was never added.",
  ]);
  expect(titles(fold(after, whole, T0 + 2_000))).toEqual([]);
  expect(baselineOf(nodeFacts("ruby")).memory).toEqual({});
});
