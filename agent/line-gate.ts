// SPDX-License-Identifier: Apache-2.0
import type { Clock } from "./clock";

/** A flood of kernel lines, as one frame tells it. */
export interface Flood {
  fromMs: number;
  toMs: number;
  count: number;
}

export interface LineGate {
  /** True when a line of this time may pass; else it is counted. */
  passes(atMs: number): boolean;
  stop(): void;
}

/** Lines at once that may pass, e.g. a console full of words as a mirror breaks … */
const BURST = 1_000;
/** … and how many per second in the long run. Source: a driver bug printed 18,000 lines per second for hours (DRBD 9.3.2). */
const PER_SECOND = 20;
/** What was held back is told this often. */
const TELL_EVERY_MS = 10_000;

/** Lets kernel lines pass as fast as they mean something; of a flood it tells how much was left out. */
export function createLineGate(clock: Clock, tell: (flood: Flood) => void): LineGate {
  let left = BURST;
  let filledMs = clock.elapsed();
  let flood: Flood | null = null;
  let cancel: () => void = () => undefined;

  function tellNow(): void {
    cancel();
    const told = flood;
    flood = null;
    if (told) tell(told);
  }

  return {
    passes(atMs) {
      const nowMs = clock.elapsed();
      left = Math.min(BURST, left + ((nowMs - filledMs) / 1_000) * PER_SECOND);
      filledMs = nowMs;
      if (left >= 1) {
        left--;
        return true;
      }
      if (flood === null) {
        flood = { fromMs: atMs, toMs: atMs, count: 1 };
        cancel = clock.after(TELL_EVERY_MS, tellNow);
      } else {
        flood = { fromMs: Math.min(flood.fromMs, atMs), toMs: Math.max(flood.toMs, atMs), count: flood.count + 1 };
      }
      return false;
    },
    stop: tellNow,
  };
}
