// SPDX-License-Identifier: Apache-2.0

/** Work that takes longer than this lets the event loop have its turn: agents' frames wait no longer for a scrape. */
const TURN_MS = 8;
/** Looking at the clock for every sample would cost more than the sample. */
const LOOK_EVERY = 64;

export type Turns = ReturnType<typeof createTurns>;

/** Parts long work into turns of the event loop. `elapsed` is monotonic ms. */
export function createTurns(elapsed: () => number) {
  let startedMs = elapsed();
  let workedMs = 0;
  let looks = 0;
  /** To be called between two parts of the work. */
  async function next(): Promise<void> {
    const spentMs = elapsed() - startedMs;
    if (spentMs < TURN_MS) return;
    workedMs += spentMs;
    await new Promise((resolve) => setImmediate(resolve));
    startedMs = elapsed();
  }
  return {
    next,
    /** Does something with each of many small things. */
    async each<T>(things: Iterable<T>, act: (thing: T) => void): Promise<void> {
      for (const thing of things) {
        act(thing);
        looks += 1;
        if (looks % LOOK_EVERY === 0) await next();
      }
    },
    /** The time that was worked, without the turns of others. Units: ms. */
    workedMs: () => workedMs + elapsed() - startedMs,
  };
}
