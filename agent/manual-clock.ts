// SPDX-License-Identifier: Apache-2.0
import { type Clock, systemClock } from "./clock";

/** A clock that stands still until it is moved; timers act in order of their time. For tests. */
export interface ManualClock extends Clock {
  /** Moves time on, acting on every timer that falls due; lets promises settle between them. */
  advance(ms: number): Promise<void>;
  /** How many timers wait. */
  waiting(): number;
}

export function manualClock(startMs = 1_700_000_000_000): ManualClock {
  let nowMs = startMs;
  let timers: { atMs: number; act: () => void }[] = [];
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    now: () => nowMs,
    elapsed: () => nowMs - startMs,
    random: () => 1,
    waiting: () => timers.length,
    after(ms, act) {
      const timer = { atMs: nowMs + Math.max(0, ms), act };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    async advance(ms) {
      const endMs = nowMs + ms;
      await settle();
      for (;;) {
        const next = timers.reduce<{ atMs: number; act: () => void } | null>(
          (first, timer) => (timer.atMs <= endMs && (first === null || timer.atMs < first.atMs) ? timer : first),
          null,
        );
        if (next === null) break;
        timers = timers.filter((other) => other !== next);
        nowMs = Math.max(nowMs, next.atMs);
        next.act();
        await settle();
      }
      nowMs = endMs;
      await settle();
    },
  };
}

/** A clock on which everything takes `factor` times less than it should; for tests with real processes and sockets. */
export function hurriedClock(factor: number): Clock {
  return {
    ...systemClock,
    elapsed: () => systemClock.elapsed() * factor,
    after: (ms, act) => systemClock.after(ms / factor, act),
  };
}
