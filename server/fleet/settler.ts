// SPDX-License-Identifier: Apache-2.0

export interface SettlerDeps {
  settle: () => void;
  /** Monotonic. Units: milliseconds. */
  elapsed: () => number;
  /** Runs something once the turn that is under way is over. */
  soon: (run: () => void) => void;
}

/**
 * When views follow their facts: the first change after a quiet while at once, what comes within `spanMs` of it with the
 * next beat. So a single change waits for nobody, and a burst is told in a few words.
 */
export function createSettler({ settle, elapsed, soon }: SettlerDeps, spanMs: number) {
  let settledMs = Number.NEGATIVE_INFINITY;
  let waits = false;
  return {
    /** Something moved. */
    moved(): void {
      if (waits || elapsed() - settledMs < spanMs) return;
      waits = true;
      // What the same turn brings comes along.
      soon(() => {
        waits = false;
        settledMs = elapsed();
        settle();
      });
    },
  };
}
