// SPDX-License-Identifier: Apache-2.0
import { beforeEach, expect, test } from "vitest";
import { createSettler } from "./settler";

let nowMs: number;
let settled: number[];
let waiting: (() => void)[];
let settler: ReturnType<typeof createSettler>;

beforeEach(() => {
  nowMs = 1_000;
  settled = [];
  waiting = [];
  settler = createSettler({ settle: () => settled.push(nowMs), elapsed: () => nowMs, soon: (run) => waiting.push(run) }, 50);
});

const turnOver = () => {
  for (const run of waiting.splice(0)) run();
};

test("a change after a quiet while is settled when its turn is over, with what came in the same turn", () => {
  settler.moved();
  settler.moved();
  expect(settled).toEqual([]);
  turnOver();
  expect(settled).toEqual([1_000]);
});

test("what follows it closely is left to the beat", () => {
  settler.moved();
  turnOver();
  nowMs = 1_049;
  settler.moved();
  turnOver();
  expect(settled).toEqual([1_000]);
  nowMs = 1_050;
  settler.moved();
  turnOver();
  expect(settled).toEqual([1_000, 1_050]);
});
