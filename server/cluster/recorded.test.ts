// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import type { RecordedNode } from "@/agent/protocol/console/recorded";
import type { Entity } from "@/agent/protocol/console/view";
import { timing } from "@/agent/protocol/timing";
import { createFleet } from "@/server/fleet/fleet";
import { bond, drbd, ok, port, T0 } from "./factories";
import { calmPacemaker, crystalSettings, crystalSide, rubySettings, rubySide } from "./pair.factories";
import { recordedFacts } from "./recorded";

const YEAR_MS = 365 * 86_400_000;
const AT_MS = T0 - YEAR_MS;
const recorded = { atMs: AT_MS, atFrom: "recording", origin: "/tmp/sos", openedBy: "anna", openedAtMs: T0 } as const;

/** The agent read the tree when it was opened, long after it was recorded. */
const ruby: RecordedNode = {
  node: "ruby",
  role: "member",
  readings: {
    drbd: ok(drbd([rubySide()], { settings: [rubySettings] }), T0),
    pacemaker: ok(calmPacemaker(), T0),
    bonding: ok({ bonds: [bond("bond0", [port("eth0"), port("eth1", { link: "down" })])], unread: [] }, T0),
    aoe: { status: "absent", takenAtMs: T0 },
    kernelLog: ok({ lines: [1, 2].map((kmsgSeq) => ({ kmsgSeq, atMs: AT_MS, priority: 6, topic: "drbd", text: `line ${kmsgSeq}` })) }, T0),
  },
};
const crystal: RecordedNode = {
  node: "crystal",
  role: "member",
  readings: { drbd: ok(drbd([crystalSide()], { settings: [crystalSettings] }), T0), pacemaker: ok(calmPacemaker(), T0) },
};

function opened(nodes: RecordedNode[]) {
  let nowMs = T0;
  const told: string[] = [];
  const findings: string[] = [];
  const dropped: string[] = [];
  const fleet = createFleet({
    timing: timing(),
    now: () => nowMs,
    onFindings: (slug) => findings.push(slug),
    onFault: (_, cause) => {
      throw cause;
    },
  });
  fleet.onChange(({ slug }) => told.push(slug));
  fleet.onDrop((slug) => dropped.push(slug));
  fleet.hold(recordedFacts("recorded-a", { title: "A", nodes }, recorded), [], new Map());
  fleet.settle();
  const pass = (ms: number) => {
    nowMs += ms;
    fleet.settle();
  };
  const view = () => fleet.viewOf("recorded-a") ?? new Map<string, Entity>();
  return { fleet, view, told, findings, dropped, pass };
}

it("is judged as of its moment, and nothing of it is live", () => {
  const { view } = opened([ruby, crystal]);
  expect(view().get("cluster")).toMatchObject({ recorded, environment: "RECORDED", sinceMs: null });
  expect(view().get("mirror:store/0")).toMatchObject({ said: { level: "ok", word: "in sync" } });
  expect(view().get("node:ruby")).toMatchObject({ link: "recorded", lastWordAtMs: AT_MS, state: { level: "ok", word: "online" } });
  expect(view().get("source:ruby/drbd")).toMatchObject({ freshness: "recorded", takenAtMs: AT_MS, okAtMs: AT_MS });
  expect(view().get("kernel:ruby")).toMatchObject({ lines: [{ text: "line 2" }, { text: "line 1" }] });
  const findings = [...view().values()].filter(({ kind }) => kind === "finding");
  expect(findings).toEqual([expect.objectContaining({ rule: "bond-ports", sinceMs: AT_MS })]);
  expect(JSON.stringify([...view().values()])).not.toContain('"live"');
});

it("says nothing of a source that the recording does not hold", () => {
  const { view } = opened([ruby, crystal]);
  expect(view().has("source:crystal/bonding")).toBe(false);
  expect(view().has("source:ruby/host")).toBe(false);
  expect(view().get("source:ruby/aoe")).toMatchObject({ status: "absent" });
});

it("shows a node that only its Pacemaker names by that word, asks nobody to enrol it, and says what is not recorded", () => {
  const { view } = opened([ruby]);
  expect(view().get("node:crystal")).toMatchObject({
    link: "recorded",
    state: { level: "ok", word: "online" },
    carries: { word: "No service of the cluster runs on it.", why: "The recording holds no more of what could run on it." },
  });
  expect([...view().keys()].filter((key) => key.startsWith("source:crystal"))).toEqual([]);
  expect(JSON.stringify([...view().values()])).not.toMatch(/no agent|its agent|quarterdeck-agent|not read yet/i);
});

it("without a Pacemaker a node is as it was read, and nothing is awaited", () => {
  const { view } = opened([{ node: "ruby", role: "member", readings: { drbd: ok(drbd([rubySide()]), T0) } }]);
  expect(view().get("node:ruby")).toMatchObject({ state: { level: "ok", word: "up", why: "No Pacemaker of it is in the recording." } });
  expect(JSON.stringify([...view().values()])).not.toMatch(/its agent|not read yet/i);
});

it("stands still: no clock makes it old, and its findings are kept nowhere", () => {
  const { view, told, findings, pass } = opened([ruby, crystal]);
  const before = [...view()];
  for (let day = 0; day < 3; day += 1) pass(86_400_000);
  expect([...view()]).toEqual(before);
  expect(told).toEqual(["recorded-a"]);
  expect(findings).toEqual([]);
});

it("hears no agent", () => {
  const { fleet, view } = opened([ruby]);
  const before = [...view()];
  fleet.happen("recorded-a", { type: "linked", node: "ruby", agentVersion: "9" });
  fleet.settle();
  expect([...view()]).toEqual(before);
});

it("is gone when it is closed, and listeners are told", () => {
  const { fleet, dropped } = opened([ruby]);
  fleet.drop("recorded-a");
  fleet.drop("recorded-a");
  expect(fleet.viewOf("recorded-a")).toBeNull();
  expect(dropped).toEqual(["recorded-a"]);
});
