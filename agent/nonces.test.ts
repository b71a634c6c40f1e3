// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { manualClock } from "./manual-clock";
import { createNonces } from "./nonces";
import type { Step } from "./protocol/steps";

const RUBY: Step = { kind: "standby", node: "ruby", on: true };
const CRYSTAL: Step = { kind: "standby", node: "crystal", on: true };

test("good once, for the step it was given for", () => {
  const nonces = createNonces(manualClock());
  const nonce = nonces.give(RUBY);
  expect(Buffer.from(nonce, "base64")).toHaveLength(32);
  expect(nonces.take(nonce, RUBY)).toBe(true);
  expect(nonces.take(nonce, RUBY)).toBe(false);
});

test("tried for another step it is used up", () => {
  const nonces = createNonces(manualClock());
  const nonce = nonces.give(RUBY);
  expect(nonces.take(nonce, CRYSTAL)).toBe(false);
  expect(nonces.take(nonce, RUBY)).toBe(false);
});

test("after a minute it is worth nothing", async () => {
  const clock = manualClock();
  const nonces = createNonces(clock);
  const [early, late] = [nonces.give(RUBY), nonces.give(RUBY)];
  await clock.advance(59_999);
  expect(nonces.take(early, RUBY)).toBe(true);
  await clock.advance(1);
  expect(nonces.take(late, RUBY)).toBe(false);
});

test("one that nobody gave is worth nothing, and only so many wait", () => {
  const nonces = createNonces(manualClock());
  expect(nonces.take(Buffer.alloc(32).toString("base64"), RUBY)).toBe(false);
  const given = Array.from({ length: 17 }, () => nonces.give(RUBY));
  expect(given.map((nonce) => nonces.take(nonce, RUBY))).toEqual([false, ...Array.from({ length: 16 }, () => true)]);
});
