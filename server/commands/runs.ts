// SPDX-License-Identifier: Apache-2.0
import type { Run } from "@/agent/protocol/console/runs";

/** A run that ended stays in the view this long: whoever comes to the page sees what was just done. */
export const SHOWN_AFTER_MS = 600_000;
/** Of those that ended. */
const MOST_SHOWN = 20;

export interface RunsDeps {
  show: (slug: string, runs: readonly Run[]) => void;
  now: () => number;
  /** Whether a run that ended has left something open: then it is shown until that is over. */
  isLeftOpen: (slug: string, run: Run) => boolean;
}

/** The runs of all clusters: those under way, and those that ended a little while ago. Holds each cluster's lock. */
export function createRuns({ show, now, isLeftOpen }: RunsDeps) {
  const bySlug = new Map<string, Map<string, Run>>();
  const listOf = (slug: string) => bySlug.get(slug) ?? new Map<string, Run>();

  function keep(slug: string, runs: Map<string, Run>): void {
    const over = [...runs.values()].filter(({ endedAtMs }) => endedAtMs !== null && now() - endedAtMs < SHOWN_AFTER_MS);
    const shown = new Set(over.slice(-MOST_SHOWN));
    // One under way never gives way: with it the lock would be gone.
    const kept = [...runs.values()].filter((run) => run.endedAtMs === null || shown.has(run) || isLeftOpen(slug, run));
    bySlug.set(slug, new Map(kept.map((run) => [run.id, run])));
    show(slug, kept);
  }

  return {
    /** Begins a run unless another disruptive one is under way, which is answered then. A fencing does not wait for anybody. */
    take(slug: string, run: Run, mayPreempt: boolean): Run | null {
      const busy = [...listOf(slug).values()].find(({ isDisruptive, endedAtMs }) => isDisruptive && endedAtMs === null);
      if (run.isDisruptive && busy && !mayPreempt) return busy;
      keep(slug, new Map(listOf(slug)).set(run.id, run));
      return null;
    },
    show(slug: string, run: Run): void {
      keep(slug, new Map(listOf(slug)).set(run.id, run));
    },
    drop(slug: string, id: string): void {
      const runs = new Map(listOf(slug));
      runs.delete(id);
      keep(slug, runs);
    },
    of: (slug: string, id: string): Run | null => listOf(slug).get(id) ?? null,
    /** Takes out what has been shown long enough. */
    sweep(): void {
      for (const [slug, runs] of bySlug) {
        const isOver = (run: Run) => run.endedAtMs !== null && now() - run.endedAtMs >= SHOWN_AFTER_MS && !isLeftOpen(slug, run);
        if ([...runs.values()].some(isOver)) keep(slug, runs);
      }
    },
  };
}
export type Runs = ReturnType<typeof createRuns>;
