// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import type { Entity } from "@/agent/protocol/console/view";
import { node, said, snapshot } from "@/components/factories";
import { fromSnapshot } from "@/components/live/store";
import { isMoved } from "./moved";

const of = (...entities: Entity[]) => fromSnapshot(snapshot("san-a", entities)).clusters.get("san-a");

it("a node's state moves its history, and what only grows older or heavier does not", () => {
  const before = of(node("ruby"), node("crystal"));
  expect(isMoved(before, before)).toBe(false);
  expect(isMoved(before, of(node("ruby", { lastWordAtMs: 5 }), node("crystal")))).toBe(false);
  expect(isMoved(before, of(node("ruby", { state: said("bad", "offline") }), node("crystal")))).toBe(true);
});

it("a node that comes or goes moves it", () => {
  expect(isMoved(of(node("ruby")), of(node("ruby"), node("crystal")))).toBe(true);
  expect(isMoved(of(node("ruby")), of(node("crystal")))).toBe(true);
  expect(isMoved(undefined, undefined)).toBe(false);
});
