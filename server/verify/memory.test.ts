// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { VerifyResult } from "@/agent/protocol/console/verify";
import { createVerifyMemory, KEPT_PER_PAIR } from "./memory";
import { endedRun } from "./test-run";

const KEY = "verify:store/0";

function stateOf(...runs: readonly [pair: string, startedAtMs: number, result: VerifyResult][]) {
  const memory = createVerifyMemory();
  for (const [pair, startedAtMs, result] of runs) memory.addEnded(endedRun(pair, startedAtMs, result));
  const state = memory.states("san-a", new Map()).get(KEY);
  return { result: state?.last?.result ?? null, at: state?.last?.startedAtMs ?? null, cleanAtMs: state?.cleanAtMs ?? null };
}

describe("what is known of a mirror's verifies", () => {
  it("is its last run, and the last that was clean, in whatever order they are learnt", () => {
    expect(stateOf(["crystal+ruby", 300, "aborted"], ["crystal+ruby", 100, "clean"], ["crystal+ruby", 200, "clean"])).toEqual({
      result: "aborted",
      at: 300,
      cleanAtMs: 200,
    });
  });

  it("of three copies the worst pair decides, and the oldest proof", () => {
    expect(stateOf(["a+b", 100, "clean"], ["a+c", 200, "clean"])).toEqual({ result: "clean", at: 200, cleanAtMs: 100 });
    expect(stateOf(["a+b", 100, "differs"], ["a+c", 200, "clean"])).toEqual({ result: "differs", at: 100, cleanAtMs: null });
  });

  it("one that never began is the last until another ends, and hides no proof", () => {
    expect(stateOf(["crystal+ruby", 100, "clean"], ["", 200, "refused"])).toEqual({ result: "refused", at: 200, cleanAtMs: 100 });
    expect(stateOf(["", 50, "refused"], ["crystal+ruby", 100, "clean"])).toEqual({ result: "clean", at: 100, cleanAtMs: 100 });
  });

  it("a run whose peer was not named is of the pair that its node is in", () => {
    expect(stateOf(["ruby", 100, "aborted"], ["crystal+ruby", 200, "clean"])).toEqual({ result: "clean", at: 200, cleanAtMs: 200 });
  });

  it("keeps a trend of so many at hand, oldest first", () => {
    const memory = createVerifyMemory();
    for (let at = 1; at <= KEPT_PER_PAIR + 5; at += 1) memory.addEnded(endedRun("crystal+ruby", at, "clean"));
    expect(memory.trend("san-a", KEY).map(({ startedAtMs }) => startedAtMs)).toEqual(
      Array.from({ length: KEPT_PER_PAIR }, (_, place) => place + 6),
    );
  });
});
