// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { createTurns } from "./turns";

it("long work lets the event loop have its turns, and counts only its own time", async () => {
  let nowMs = 0;
  const turns = createTurns(() => nowMs);
  let others = 0;
  const other = () => {
    others += 1;
    // What others take is not this work's.
    nowMs += 1_000;
    if (!isOver) setImmediate(other);
  };
  let isOver = false;
  setImmediate(other);
  await turns.each(Array.from({ length: 640 }), () => {
    nowMs += 0.25;
  });
  isOver = true;
  expect(others).toBeGreaterThanOrEqual(9);
  expect(turns.workedMs()).toBe(160);
});

it("short work is done in one go", async () => {
  let isLet = false;
  setImmediate(() => {
    isLet = true;
  });
  await createTurns(() => 0).each(Array.from({ length: 640 }), () => undefined);
  expect(isLet).toBe(false);
});
