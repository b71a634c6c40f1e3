// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { FeedFrame } from "@/agent/protocol/console/feed";
import { keyOf } from "@/agent/protocol/console/keys";
import { partOf } from "@/agent/protocol/console/parts";
import { NOW_MS, node, said, snapshot } from "@/components/factories";
import { apply, entityOf, fromSnapshot } from "./store";
import { wholeFrame } from "./whole";

const ruby = node("ruby");
const live = fromSnapshot(snapshot("san-a", [ruby, node("crystal")]));
const patch = (number: number, parts: Record<string, Record<string, unknown>>): FeedFrame => ({
  type: "patch",
  number,
  atMs: NOW_MS,
  changes: { "san-a": { set: {}, remove: [], parts } },
});

test("a part is put into the entity that is held, and nothing else of it moves", () => {
  const offline = node("ruby", { state: said("bad", "offline") });
  const frame = wholeFrame(patch(live.number + 1, { [keyOf.node("ruby")]: partOf(ruby, offline) ?? {} }), live);
  if (frame === null) throw new Error("refused");
  const { live: after } = apply(live, frame);
  expect(entityOf(after.clusters.get("san-a"), "node", keyOf.node("ruby"))).toEqual(offline);
});

test("a part of an entity that is not held asks for a snapshot", () => {
  expect(wholeFrame(patch(live.number + 1, { [keyOf.node("opal")]: { isDc: true } }), live)).toBeNull();
});

test("a part that does not fit its entity asks for a snapshot", () => {
  expect(wholeFrame(patch(live.number + 1, { [keyOf.node("ruby")]: { link: 7 } }), live)).toBeNull();
});

test("a patch that does not follow is left to the store, which refuses it", () => {
  const frame = wholeFrame(patch(live.number + 2, { [keyOf.node("ruby")]: { isDc: true } }), live);
  if (frame === null) throw new Error("refused");
  expect(apply(live, frame).did).toBe("gap");
});
