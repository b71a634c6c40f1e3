// SPDX-License-Identifier: Apache-2.0

/**
 * Knows whether this page ran all the time. A browser freezes pages that nobody looks at, and tells them or not; a machine sleeps,
 * and its monotonic clock with it. `longestMs`: as long as nothing may run here before what comes in counts as having waited.
 */
export function keepAwake(wallMs: () => number, longestMs: number, silentMs: number) {
  /** When anything of this page's line ran last, by the wall clock. */
  let ranAtMs = wallMs();
  let asleepAtMs: number | null = null;
  let looked = { silentMs, wallMs: ranAtMs, frames: 0 };

  function ran(): number {
    const beforeMs = ranAtMs;
    ranAtMs = wallMs();
    return ranAtMs - beforeMs;
  }

  return {
    /** True when nothing ran here for so long that what comes now may have waited since. */
    hasStood: (): boolean => ran() > longestMs,
    fallAsleep(): void {
      asleepAtMs = wallMs();
    },
    isAsleep: (): boolean => asleepAtMs !== null,
    /** It asks its console anew: whatever was before does not count. */
    wakeUp(): void {
      asleepAtMs = null;
      ran();
    },
    /**
     * One look, some of them a second: true when it slept since the last one. `silentMs`: how long its console was silent by the
     * monotonic clock; `frames`: how many it heard so far, for one between two looks sets the silence back to nothing.
     */
    hasSlept(silentMs: number, frames: number): boolean {
      ran();
      const before = looked;
      looked = { silentMs, wallMs: ranAtMs, frames };
      // Timers run: whether or not anybody said so, this page is awake.
      if (asleepAtMs !== null && ranAtMs - asleepAtMs > longestMs) return true;
      return frames === before.frames && looked.wallMs - before.wallMs - (silentMs - before.silentMs) > longestMs;
    },
  };
}
