// SPDX-License-Identifier: Apache-2.0

/** Time as the agent sees it; tests give one that they move by hand. */
export interface Clock {
  /** Wall clock, epoch ms: for stamps only, never to measure a span. */
  now(): number;
  /** Monotonic ms: for spans. */
  elapsed(): number;
  /** Acts once after `ms`; the answer cancels it. */
  after(ms: number, act: () => void): () => void;
  /** 0 ≤ x < 1, for jitter. */
  random(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(ms, act) {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

/** Wait before try number `attempt` (from 0): doubles from `firstMs` up to `mostMs`, with a quarter of jitter so that a fleet does not knock at once. */
export function backoffMs(attempt: number, firstMs: number, mostMs: number, random: number): number {
  const plain = Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 30));
  return Math.round(plain * (0.75 + random * 0.25));
}
