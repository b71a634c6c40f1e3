// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import type { Pacemaker, PacemakerConstraint } from "@/agent/protocol/model/pacemaker";
import { around, cluster, member, nodeFacts, pacemaker, resource, T0 } from "@/server/cluster/factories";
import { project } from "@/server/cluster/project";

const NAMES = ["ruby", "crystal", "jade"];
const device = (node: string | null) => resource("st", node, { agent: "stonith:fence_ipmilan" });
const never = (node: string): PacemakerConstraint => ({
  ...{ id: `never-${node}`, kind: "location", resource: "st", with: null, node, score: "-INFINITY", role: null, rule: null },
});
const level = (target: string) => ({ index: 1, target, pattern: null, attribute: null, devices: ["pdu"] });

/** What stands by itself of fencing, each with what follows from it. */
function lines(more: Partial<Pacemaker>, setup: Partial<NonNullable<Pacemaker["fenceSetup"]>> = {}): string[] {
  const value = pacemaker(
    NAMES.map((name) => member(name)),
    [resource("g_mail", "ruby"), device("crystal")],
    {
      parameters: [{ resource: "st", values: { pcmk_host_list: "ruby crystal jade" } }],
      fenceSetup: { symmetric: true, watchdogTimeout: null, devices: [{ resource: "st", monitorEveryMs: 60_000 }], levels: [], ...setup },
      ...more,
    },
  );
  const view = project(cluster(...NAMES.map((name) => nodeFacts(name, { pacemaker: value }))), around(T0), new Map());
  const found = [...view].flatMap(([key, one]) => (one.kind === "finding" ? [{ ...one, id: key.slice("finding:".length) }] : []));
  const own = found.filter(({ rule, cause }) => cause === null && /^(fencing-(gap|level|reach)|service-stopped)$/.test(rule));
  return own.map(({ id, level: of, title }) =>
    [`${of} ${title}`, ...found.filter(({ cause }) => cause === id).map((one) => `${one.level} ${one.title}`)].join(" > "),
  );
}

it("a device that no node may use is stopped because of that, and at risk is what it fences: nothing that serves is down", () => {
  const list = [{ resource: "st", values: { pcmk_host_list: "ruby" } }];
  const more = { parameters: list, constraints: NAMES.map(never), resources: [resource("g_mail", "ruby"), device(null)] };
  expect(lines(more)).toContain("risk No other node may fence ruby > risk st is stopped");
});

it("a stopped device that nothing forbids stands by itself", () => {
  expect(lines({ resources: [resource("g_mail", "ruby"), device(null)] })).toEqual(["risk st is stopped"]);
});

it("a node whose only level cannot work has no device: one line; a node that never had one keeps its own", () => {
  expect(lines({}, { levels: [level("ruby")] })).toEqual([
    "risk Fencing of ruby: level 1 cannot work > risk No fencing device is for ruby",
  ]);
  const own = [{ resource: "st", values: { pcmk_host_list: "ruby crystal" } }];
  expect(lines({ parameters: own }, { levels: [level("ruby")] })).toHaveLength(2);
});
