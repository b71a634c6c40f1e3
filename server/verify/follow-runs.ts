// SPDX-License-Identifier: Apache-2.0
import type { VerifySummary } from "@/agent/protocol/console/verify";
import { activity, linkState } from "@/server/cluster/drbd-words";
import type { ClusterFacts, NodeFacts } from "@/server/cluster/facts";
import { type Pair, type PairSide, pairName, pairsOf } from "./pairs";
import type { FollowedRun, RunSide, VerifyWrites } from "./run-state";

/** On whose word a verify began; what nobody here asked for was started on the node. */
export interface Claim {
  cause: VerifySummary["cause"];
  by: string | null;
  run: string | null;
  schedule: string | null;
  accepted: readonly string[];
}

/** What following one frame needs beside it. */
export interface FollowAround {
  node: string;
  /** The cluster before the frame and after it. */
  before: ClusterFacts;
  after: ClusterFacts;
  /** The console's clock. */
  nowMs: number;
  newId: () => string;
  /** Who asked for a verify of this mirror that begins at this time; null: nobody here. */
  claim: (resource: string, volume: number, atMs: number) => Claim | null;
  /** When the last verify of two copies ended, as far as it is known: what is older belongs to it. */
  lastEndMs: (resource: string, volume: number, pair: string) => number | null;
}

export interface Following {
  runs: readonly FollowedRun[];
  writes: VerifyWrites;
}

export function unchanged(runs: readonly FollowedRun[]): Following {
  return { runs, writes: { runs: [], ranges: [], lines: [] } };
}

export function atConsole(node: NodeFacts, nodeMs: number, nowMs: number): number {
  return Math.min(nowMs, nodeMs + node.clockOffsetMs);
}

export function withRuns(runs: readonly FollowedRun[], changed: readonly FollowedRun[], more: Partial<VerifyWrites> = {}): Following {
  if (changed.length === 0) return unchanged(runs);
  const byId = new Map(changed.map((run) => [run.summary.id, run]));
  const kept = runs.map((run) => byId.get(run.summary.id) ?? run);
  const begun = changed.filter(({ summary }) => !runs.some((run) => run.summary.id === summary.id));
  return { runs: [...kept, ...begun], writes: { ranges: [], lines: [], ...more, runs: [...changed] } };
}

/** A run with news: `isEnd` where the news is of its end. */
export function touched(run: FollowedRun, change: Partial<FollowedRun>, nowMs: number, isEnd: boolean): FollowedRun {
  return {
    ...run,
    ...change,
    revision: run.revision + 1,
    heardAtMs: nowMs,
    endingSinceMs: isEnd ? (run.endingSinceMs ?? nowMs) : change.endingSinceMs === undefined ? run.endingSinceMs : change.endingSinceMs,
  };
}

export function withSide(run: FollowedRun, node: string, change: Partial<RunSide>): RunSide[] {
  return run.sides.map((side) => (side.node === node ? { ...side, ...change } : side));
}

export function isOn({ peer }: PairSide): boolean {
  return activity(peer.replication) === "verify" && linkState(peer.connection) === "connected";
}

/** The runs of two copies, the latest first: one that ended a moment ago may not be judged yet when the next begins. */
export function runsOf(runs: readonly FollowedRun[], { resource, volume, nodes }: Pair): FollowedRun[] {
  const name = pairName(nodes);
  // Where the other end had no name yet, or has none now, the one that is known decides.
  const isMine = (pair: string) => pair === name || (nodes.length < 2 ? pair.split("+").includes(name) : nodes.includes(pair));
  const mine = runs.filter(({ summary, pair }) => summary.resource === resource && summary.volume === volume && isMine(pair));
  return mine.sort((x, y) => y.summary.startedAtMs - x.summary.startedAtMs);
}

export function sideOf({ sides }: FollowedRun, name: string): RunSide | undefined {
  return sides.find(({ node }) => node === name);
}

/** Clocks of two nodes are that much apart at the most where their agents' pulses were heard. */
export const CLOCK_SLACK_MS = 5_000;

export function newSide({ node, device, peer }: PairSide, before: PairSide | null): RunSide {
  const calm = before && !isOn(before) ? before.peer.outOfSyncBytes : activity(peer.replication) === "verify" ? null : peer.outOfSyncBytes;
  return {
    node,
    minor: device.minor,
    startSector: null,
    wasOn: false,
    wasRead: false,
    endedAtMs: null,
    done: null,
    foundBytes: null,
    reachedSector: null,
    wentTo: null,
    left: null,
    hasGap: false,
    beforeBytes: calm,
    afterBytes: null,
    rangesLogged: 0,
    bytesLogged: 0,
  };
}

/** Verifies under way in one cluster: far above any, so that hostile readings do not grow the record without end. */
export const MAX_OPEN = 1_000;

/** A run that begins now; null for a word of one that ended already. */
export function begin(pair: Pair, atMs: number, { before, after, nowMs, newId, claim, lastEndMs }: FollowAround): FollowedRun | null {
  const { resource, volume, nodes } = pair;
  const endedMs = lastEndMs(resource, volume, pairName(nodes));
  if (endedMs !== null && atMs <= endedMs) return null;
  const was = pairsOf(before).find(
    (one) => one.resource === resource && one.volume === volume && one.nodes.every((node) => nodes.includes(node)),
  );
  const sides = pair.sides.map((side) => newSide(side, was?.sides.find(({ node }) => node === side.node) ?? null));
  const sizes = pair.sides.flatMap(({ device }) => (device.sizeBytes === null ? [] : [device.sizeBytes]));
  const algorithms = pair.sides.flatMap(({ side }) => side.settings?.connections.map(({ verifyAlg }) => verifyAlg) ?? []);
  const versions = pair.sides.flatMap(({ node }) => {
    const version = after.nodes.get(node)?.sources.drbd?.lastOk?.value.module?.version;
    return version === undefined ? [] : [{ node, version }];
  });
  const { accepted = [], ...asked } = claim(resource, volume, atMs) ?? { cause: "node" as const, by: null, run: null, schedule: null };
  return {
    summary: {
      id: newId(),
      cluster: after.slug,
      resource,
      volume,
      starter: null,
      peer: null,
      ...asked,
      startedAtMs: atMs,
      endedAtMs: null,
      result: null,
      percent: null,
      says: null,
      sizeBytes: sizes.length === 0 ? null : Math.min(...sizes),
      rateBytesPerSec: null,
      differsBytes: null,
      outOfSync: [],
    },
    pair: pairName(nodes),
    revision: 0,
    algorithm: algorithms.find((name) => name !== null) ?? null,
    versions,
    accepted: [...accepted],
    sides,
    lines: 0,
    stoppedBy: null,
    heardAtMs: nowMs,
    endingSinceMs: null,
  };
}
