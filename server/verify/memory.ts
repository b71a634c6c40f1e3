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
      known.ended = newestFirst([run, ...others]).slice(0, KEPT_PER_PAIR);
      if (result === "clean") known.cleanAtMs = latest(known.cleanAtMs, endedAtMs);
    },
    setClean(slug: string, key: string, pair: string, atMs: number): void {
      const known = ofPair(slug, key, pair);
      known.cleanAtMs = latest(known.cleanAtMs, atMs);
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
          const running =
            open.findLast((run) => keyOfRun(run) === key && run.endingSinceMs === null) ?? open.findLast((run) => keyOfRun(run) === key);
          const { queued = null, next = null } = planned.get(key) ?? {};
          return [key, { ...settledOf(mirrors.get(key)), running: running ? standing(running.summary) : null, queued, next }];
        }),
      );
    },
  };
}

/** The graver a result, the earlier it stands. */
const RANK = { differs: 0, unknown: 1, aborted: 2, refused: 3, clean: 4 } as const;

/**
 * The pairs of a mirror by their two nodes. What names one node only, or none (a verify that never began), goes with the first pair
 * that has all it names: it says something of the mirror, but is no pair of its own.
 */
function united(pairs: ReadonlyMap<string, OfPair>): OfPair[] {
  const nodesOf = (name: string) => (name === "" ? [] : name.split("+"));
  const names = [...pairs.keys()].sort((x, y) => nodesOf(y).length - nodesOf(x).length);
  const found = new Map<string, OfPair>();
  for (const name of names) {
    const pair = pairs.get(name);
    if (!pair) continue;
    const host = [...found.keys()].find((other) => nodesOf(name).every((node) => nodesOf(other).includes(node)));
    const known = host === undefined ? undefined : found.get(host);
    if (host === undefined || !known) found.set(name, pair);
    else found.set(host, { ended: newestFirst([...known.ended, ...pair.ended]), cleanAtMs: latest(known.cleanAtMs, pair.cleanAtMs) });
  }
  return [...found.values()];
}

function newestFirst(runs: readonly FollowedRun[]): FollowedRun[] {
  return [...runs].sort((x, y) => y.summary.startedAtMs - x.summary.startedAtMs);
}

function latest(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}

/** A mirror of several pairs is as good as its worst: the gravest of their last results, and the oldest of their clean ones. */
function settledOf(pairs: ReadonlyMap<string, OfPair> | undefined): Pick<VerifyState, "cleanAtMs" | "last"> {
  const seen = united(pairs ?? new Map()).filter(({ ended, cleanAtMs }) => ended.length > 0 || cleanAtMs !== null);
  const lasts = seen.flatMap(({ ended }) => ended.slice(0, 1).map(({ summary }) => summary));
  const [last = null] = lasts.sort((x, y) => rankOf(x) - rankOf(y) || y.startedAtMs - x.startedAtMs);
  const clean = seen.flatMap(({ cleanAtMs }) => (cleanAtMs === null ? [] : [cleanAtMs]));
  return { last, cleanAtMs: clean.length === 0 || clean.length < seen.length ? null : Math.min(...clean) };
}

export function rankOf({ result }: VerifySummary): number {
  return RANK[result ?? "unknown"];
}

/** A run under way without what moves: its progress is the mirror's own, and not told a second time with every reading. */
function standing(summary: VerifySummary): VerifySummary {
  return { ...summary, percent: null, rateBytesPerSec: null, differsBytes: null };
}
