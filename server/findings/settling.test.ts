// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { EntityOf, Level } from "@/agent/protocol/console/view";
import { timing } from "@/agent/protocol/timing";
import { nodeEntity } from "@/server/api/test-view";
import { settled, settlesAtMs } from "./settling";

const NOW = 1_700_000_000_000;
const finding = (ageMs: number, joins?: boolean) => ({
  id: "x",
  level: "bad" as const,
  title: "both run it",
  why: "Two of them.",
  todo: "Stop one.",
  about: [],
  sinceMs: NOW - ageMs,
  ...(joins === undefined ? {} : { joins }),
});

it("what joins two readings is no alarm until it has held for two rounds of both", () => {
  expect(settled(finding(10_000, true), NOW)).toMatchObject({
    level: "busy",
    todo: null,
    why: expect.stringContaining("it may be passing"),
  });
  expect(settled(finding(11_000, true), NOW)).toEqual(finding(11_000, true));
});

it("what one reading says is told at once", () => {
  expect(settled(finding(0), NOW)).toEqual(finding(0));
});

describe("until when a finding is told to nobody", () => {
  const around = { nowMs: NOW, timing: timing(), startedAtMs: NOW - 1_000 };
  const AWAY = { link: "stale" as const, lastWordAtMs: NOW - 5_000 };
  const node = (more: Partial<EntityOf<"node">>) => new Map([["node:ruby", nodeEntity("ruby", more)]]);
  const about = (more: { level?: Level } = {}) => ({ ...finding(0), rule: "node-io", about: ["node:ruby"], ...more });

  it.each<[string, Parameters<typeof settlesAtMs>, number | null]>([
    ["what joins two readings: two rounds of both", [{ ...about(), joins: true }, node({}), around], NOW + 11_000],
    ["who spoke before the start and not since: a minute from the start", [about(), node(AWAY), around], NOW + 59_000],
    ["who never spoke: a minute from when it was found", [about({ level: "unknown" }), node({ link: "never" }), around], NOW + 60_000],
    ["what is bad, though somebody in it never spoke: told", [about(), node({ link: "never" }), around], null],
    ["who is heard: told", [about(), node({}), around], null],
    ["what was told before: told", [about(), node(AWAY), { ...around, findingsTold: new Set(["x"]) }], null],
    ["a recording, of which nobody is told: nothing waits", [about(), node(AWAY), { nowMs: NOW, timing: timing() }], null],
  ])("%s", (_, given, until) => {
    expect(settlesAtMs(...given)).toBe(until);
  });
});
