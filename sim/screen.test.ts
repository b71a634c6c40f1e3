// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import type { FeedFrame } from "@/agent/protocol/console/feed";
import type { EntityOf } from "@/agent/protocol/console/view";
import { createScreen } from "./screen";

const finding = (title: string): EntityOf<"finding"> => ({
  kind: "finding",
  rule: "bond-ports",
  level: "risk",
  title,
  why: "",
  todo: null,
  about: [],
  sinceMs: 5,
});
const text = (frame: FeedFrame) => JSON.stringify(frame);
const snapshot = (number: number) =>
  text({
    type: "snapshot",
    scope: { of: "wall", clusters: null },
    number,
    atMs: 10,
    clusters: { "san-a": { "finding:a": finding("one"), "finding:b": finding("two") }, north: {} },
  });
const patch = (number: number, parts: Record<string, Record<string, unknown>>) =>
  text({ type: "patch", number, atMs: 11, changes: { "san-a": { set: { "finding:c": finding("three") }, remove: ["finding:b"], parts } } });
const titles = (screen: ReturnType<typeof createScreen>) =>
  [...screen.entities("san-a").values()].flatMap((entity) => (entity.kind === "finding" ? [entity.title] : []));

it("knows what its frames say, one after the other", () => {
  const screen = createScreen();
  expect(screen.hear(snapshot(4))).toBe(true);
  expect(titles(screen)).toEqual(["one", "two"]);
  expect(screen.hear(patch(5, { "finding:a": { title: "another" } }))).toBe(true);
  expect(titles(screen)).toEqual(["another", "three"]);
  expect(screen.entities("attic").size).toBe(0);
  expect(screen.heard()).toBe(2);
});

it("a frame that does not fit: only a new snapshot helps", () => {
  const screen = createScreen();
  expect(screen.hear(patch(1, {}))).toBe(false);
  screen.hear(snapshot(4));
  expect(screen.hear(patch(6, {}))).toBe(false);
  expect(screen.hear(patch(5, { "finding:nobody": { title: "x" } }))).toBe(false);
  expect(screen.hear(snapshot(9))).toBe(true);
  expect(titles(screen)).toEqual(["one", "two"]);
});

it("a cluster that is gone is nothing any more", () => {
  const screen = createScreen();
  screen.hear(snapshot(4));
  expect(screen.hear(text({ type: "patch", number: 5, atMs: 11, changes: { "san-a": { set: {}, remove: ["*"], parts: {} } } }))).toBe(true);
  expect(screen.entities("san-a").size).toBe(0);
});
