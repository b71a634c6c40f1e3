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

interface Slot {
  acts: Set<() => void>;
  timer: NodeJS.Timeout;
}

/** Waits from this on fall due on a grid, and those due together share one timer: to be woken costs more than what is then done. */
const GRID_FROM_MS = 100;
const GRID_MS = 10;
const slots = new Map<number, Slot>();

function onTheGrid(ms: number, act: () => void): () => void {
  // Half a millisecond of grace, so that a wait until a moment of the grid is not put off by its own rounding.
  const dueMs = Math.ceil((performance.now() + ms - 0.5) / GRID_MS) * GRID_MS;
  const slot = slots.get(dueMs) ?? openSlot(dueMs);
  const own = () => act(); // the same act twice is two timers
  slot.acts.add(own);
  return () => {
    if (!slot.acts.delete(own) || slot.acts.size > 0) return;
    clearTimeout(slot.timer);
    if (slots.get(dueMs) === slot) slots.delete(dueMs);
  };
}

function openSlot(dueMs: number): Slot {
  const acts = new Set<() => void>();
  const timer = setTimeout(() => {
    slots.delete(dueMs);
    for (const act of acts) {
      acts.delete(act);
      act();
    }
  }, dueMs - performance.now());
  const slot = { acts, timer };
  slots.set(dueMs, slot);
  return slot;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(ms, act) {
    if (ms >= GRID_FROM_MS) return onTheGrid(ms, act);
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
