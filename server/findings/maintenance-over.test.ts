// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import type { Entity } from "@/agent/protocol/console/view";
import { timing } from "@/agent/protocol/timing";
import { maintenanceEntities } from "@/server/cluster/maintenance";
import { cluster, T0 } from "@/server/commands/guards/test-view";
import { maintenanceOver } from "./maintenance-over";

const declared = [{ node: null, owner: "anna", note: "new firmware", startedAtMs: T0 - 7_200_000, endsAtMs: T0 }];
const held: ReadonlyMap<string, Entity> = new Map([["cluster", cluster({}, { maintenance: true })]]);
const find = (nowMs: number, owned = declared) => {
  const view = new Map([...held, ...maintenanceEntities(held, owned, nowMs)]);
  return maintenanceOver.find(view, { nowMs, timing: timing(), told: [], findingSince: new Map() });
};

it("a maintenance is no finding while its time lasts, and a reminder with owner and reason from its end on", () => {
  expect(find(T0 - 1)).toEqual([]);
  expect(find(T0 + 60_000)).toMatchObject([
    { level: "risk", sinceMs: T0, why: expect.stringMatching(/anna meant it to end 1 min ago.*new firmware/) },
  ]);
});

it("one that nobody declared here has no end to be over", () => {
  expect(find(T0 + 60_000, [])).toEqual([]);
});

it("a declaration outlives nothing: when the cluster is not held, it is not shown", () => {
  const free: ReadonlyMap<string, Entity> = new Map([["cluster", cluster()]]);
  expect(maintenanceEntities(free, declared, T0 + 60_000)).toEqual([]);
});

it("while no node's Pacemaker can be read it is only as last heard", () => {
  const unread: ReadonlyMap<string, Entity> = new Map([
    ["cluster", cluster({}, { maintenance: true, quorum: { level: "old", word: "quorate", why: null } })],
  ]);
  expect(maintenanceEntities(unread, declared, T0 - 1)[0]?.[1].said).toMatchObject({ level: "old", word: "was in maintenance" });
});
