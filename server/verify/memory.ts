// SPDX-License-Identifier: Apache-2.0
import type { VerifyState, VerifySummary } from "@/agent/protocol/console/verify";
import { keyOf } from "@/agent/protocol/console/view";
import type { FollowedRun } from "./run-state";

/** Runs of two copies that are kept at hand: for the trend and the comparison. */
export const KEPT_PER_PAIR = 12;

/** What the queue and the schedules know of a mirror. */
export type Planned = Pick<VerifyState, "queued" | "next">;

/** Two copies of a mirror: what was found of them, the newest first, and when they were last found the same. */
interface OfPair {
  ended: FollowedRun[];
  cleanAtMs: number | null;
}

interface OfCluster {
  open: readonly FollowedRun[];
  /** By `keyOf.verify`, then by pair. */
  mirrors: Map<string, Map<string, OfPair>>;
}

const keyOfRun = ({ summary: { resource, volume } }: FollowedRun) => keyOf.verify(resource, volume);

/** Verifies at hand: those under way and the newest that ended, of every cluster. */
export function createVerifyMemory() {
  const clusters = new Map<string, OfCluster>();

  function of(slug: string): OfCluster {
    const known = clusters.get(slug);
    if (known) return known;
    const made: OfCluster = { open: [], mirrors: new Map() };
    clusters.set(slug, made);
    return made;
  }

  function ofPair(slug: string, key: string, pair: string): OfPair {
    const { mirrors } = of(slug);
    const pairs = mirrors.get(key) ?? new Map<string, OfPair>();
    mirrors.set(key, pairs);
    const known = pairs.get(pair) ?? { ended: [], cleanAtMs: null };
    pairs.set(pair, known);
    return known;
  }

  return {
    slugs: () => [...clusters.keys()],
    open: (slug: string): readonly FollowedRun[] => clusters.get(slug)?.open ?? [],
    setOpen(slug: string, runs: readonly FollowedRun[]): void {
      if (runs.length > 0 || clusters.has(slug)) of(slug).open = runs;
    },
    addEnded(run: FollowedRun): void {
      const { cluster, id, result, endedAtMs } = run.summary;
      const known = ofPair(cluster, keyOfRun(run), run.pair);
      const others = known.ended.filter(({ summary }) => summary.id !== id);
      const sorted = [run, ...others].sort((x, y) => y.summary.startedAtMs - x.summary.startedAtMs);
      known.ended = sorted.slice(0, KEPT_PER_PAIR);
      if (result === "clean" && endedAtMs !== null) known.cleanAtMs = Math.max(endedAtMs, known.cleanAtMs ?? 0);
    },
    setClean(slug: string, key: string, pair: string, atMs: number): void {
      const known = ofPair(slug, key, pair);
      known.cleanAtMs = Math.max(atMs, known.cleanAtMs ?? 0);
    },
    /** When the last run of two copies ended; null when none is known. */
    lastEndMs(slug: string, key: string, pair: string): number | null {
      const ended = clusters.get(slug)?.mirrors.get(key)?.get(pair)?.ended ?? [];
      return ended.reduce<number | null>((latest, { summary }) => Math.max(latest ?? 0, summary.endedAtMs ?? 0), null);
    },
    /** A mirror's newest runs that ended, oldest first. */
    trend(slug: string, key: string): VerifySummary[] {
      const runs = [...(clusters.get(slug)?.mirrors.get(key)?.values() ?? [])].flatMap(({ ended }) => ended.map(({ summary }) => summary));
      return runs.sort((x, y) => x.startedAtMs - y.startedAtMs).slice(-KEPT_PER_PAIR);
    },
    drop: (slug: string) => clusters.delete(slug),
    /** What is known of every mirror of a cluster of which anything is known, by `keyOf.verify`. */
    states(slug: string, planned: ReadonlyMap<string, Planned>): ReadonlyMap<string, VerifyState> {
      const { open, mirrors } = of(slug);
      const keys = new Set([...mirrors.keys(), ...open.map(keyOfRun), ...planned.keys()]);
      return new Map(
        [...keys].map((key): [string, VerifyState] => {
          const running = open.find((run) => keyOfRun(run) === key);
          const { queued = null, next = null } = planned.get(key) ?? {};
          return [
            key,
            { ...settledOf([...(mirrors.get(key)?.values() ?? [])]), running: running ? standing(running.summary) : null, queued, next },
          ];
        }),
      );
    },
  };
}

/** The graver a result, the earlier it stands. */
const RANK = { differs: 0, unknown: 1, aborted: 2, refused: 3, clean: 4 } as const;

/** A mirror of several pairs is as good as its worst: the gravest of their last results, and the oldest of their clean ones. */
function settledOf(pairs: readonly OfPair[]): Pick<VerifyState, "cleanAtMs" | "last"> {
  const seen = pairs.filter(({ ended, cleanAtMs }) => ended.length > 0 || cleanAtMs !== null);
  const clean = seen.map(({ cleanAtMs }) => cleanAtMs);
  const lasts = seen.flatMap(({ ended }) => ended.slice(0, 1).map(({ summary }) => summary));
  const [last = null] = lasts.sort((x, y) => rankOf(x) - rankOf(y) || y.startedAtMs - x.startedAtMs);
  const oldest = clean.reduce<number | null>(
    (least, atMs) => (least === null || atMs === null ? null : Math.min(least, atMs)),
    Number.POSITIVE_INFINITY,
  );
  return { last, cleanAtMs: oldest === Number.POSITIVE_INFINITY ? null : oldest };
}

export function rankOf({ result }: VerifySummary): number {
  return RANK[result ?? "unknown"];
}

/** A run under way without what moves: its progress is the mirror's own, and not told a second time with every reading. */
function standing(summary: VerifySummary): VerifySummary {
  return { ...summary, percent: null, rateBytesPerSec: null, differsBytes: null };
}
