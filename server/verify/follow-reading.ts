// SPDX-License-Identifier: Apache-2.0
import type { VerifySummary } from "@/agent/protocol/console/verify";
import type { DrbdProgress } from "@/agent/protocol/model/drbd";
import { activity } from "@/server/cluster/drbd-words";
import type { NodeFacts } from "@/server/cluster/facts";
import {
  begin,
  CLOCK_SLACK_MS,
  type FollowAround,
  type Following,
  isOn,
  MAX_OPEN,
  newSide,
  runsOf,
  sideOf,
  touched,
  unchanged,
  withRuns,
  withSide,
} from "./follow-runs";
import { otherOf, type Pair, type PairSide, pairName, pairsOf } from "./pairs";
import { SECTOR_BYTES } from "./ranges";
import type { FollowedRun, RunSide } from "./run-state";

/** A run that no reading shows any more is not over by a reading that may be from before it. */
const SETTLED_MS = 1_000;

/** What a reading of a node's DRBD devices means for the runs: one begins, goes on, or is not there any more. */
export function followReading(runs: readonly FollowedRun[], node: NodeFacts, takenAtMs: number, around: FollowAround): Following {
  const devices = node.sources.drbd?.lastOk?.value.devices ?? [];
  const mayBegin = devices.some(({ peers }) => peers.some(({ replication }) => activity(replication) === "verify"));
  if (!mayBegin && !runs.some((run) => sideOf(run, node.node))) return unchanged(runs);
  const changed: FollowedRun[] = [];
  const pairs = pairsOf(around.after);
  for (const pair of pairs) {
    const end = pair.sides.find((side) => side.node === node.node);
    if (!end) continue;
    const mine = runsOf(runs, pair);
    if (isOn(end)) {
      const known = mine.find((run) => isOpenAt(sideOf(run, node.node), takenAtMs));
      // A reading from before the last word of an end brings nothing new.
      const isLate = mine.some((run) => takenAtMs <= (sideOf(run, node.node)?.endedAtMs ?? 0) + SETTLED_MS);
      const mayBeNew = !isLate && runs.length + changed.length < MAX_OPEN;
      const run = known ?? (mayBeNew ? begin(pair, takenAtMs, around) : null);
      if (run) changed.push(seenOn(run, pair, end, around));
    } else {
      changed.push(...mine.flatMap((run) => seenOff(run, end, takenAtMs, around.nowMs) ?? []));
    }
  }
  for (const run of runs) {
    const gone = isGone(run, node, pairs, takenAtMs, around.nowMs);
    if (gone) changed.push(gone);
  }
  return withRuns(runs, changed);
}

/** Whether a side is still at it, or a reading alone said a moment ago that it is not: that may have been from before it began. */
function isOpenAt(side: RunSide | undefined, takenAtMs: number): boolean {
  if (!side || side.endedAtMs === null) return true;
  const isOnlyRead = side.left !== null && side.done === null && side.reachedSector === null && side.wentTo === null;
  return isOnlyRead && takenAtMs - side.endedAtMs < CLOCK_SLACK_MS;
}

/** The device of a run is not there any more on a node that was read. */
function isGone(run: FollowedRun, node: NodeFacts, pairs: readonly Pair[], takenAtMs: number, nowMs: number): FollowedRun | null {
  const side = run.sides.find((one) => one.node === node.node);
  if (!side || side.left || takenAtMs < run.summary.startedAtMs) return null;
  if (pairs.some((pair) => runsOf([run], pair).length > 0 && pair.sides.some((one) => one.node === node.node))) return null;
  const left = { atMs: takenAtMs, connection: "Unconfigured", replication: "Off", disk: "Diskless", peerDisk: "DUnknown" };
  return touched(run, { sides: withSide(run, node.node, { left, endedAtMs: side.endedAtMs ?? takenAtMs }) }, nowMs, true);
}

function seenOn(run: FollowedRun, pair: Pair, end: PairSide, { nowMs }: FollowAround): FollowedRun {
  const { progress, replication } = end.peer;
  const known = run.sides.some(({ node }) => node === end.node);
  const sides = known ? run.sides : [...run.sides, newSide(end, null)];
  const side = sides.find(({ node }) => node === end.node);
  const startSector = side?.startSector ?? startOf(progress, end.device.sizeBytes);
  const isStarter = replication === "VerifyS";
  const starter = run.summary.starter ?? (isStarter ? end.node : otherOf(pair, end.node));
  const percent = percentOf(progress, run.summary.sizeBytes) ?? run.summary.percent;
  const summary: VerifySummary = {
    ...run.summary,
    starter,
    peer: run.summary.peer ?? (starter === null ? null : otherOf(pair, starter)),
    // Both sides count, each a little behind or ahead of the other: the figure never goes back.
    percent: percent === null ? null : Math.max(run.summary.percent ?? 0, percent),
    rateBytesPerSec: progress?.rateBytesPerSec ?? run.summary.rateBytesPerSec,
  };
  const on = { wasOn: true, wasRead: true, left: null, endedAtMs: null, afterBytes: null, startSector };
  const isEnding = sides.some(({ node, endedAtMs }) => node !== end.node && endedAtMs !== null);
  return touched(
    { ...run, sides },
    {
      summary,
      endingSinceMs: isEnding ? run.endingSinceMs : null,
      pair: pair.nodes.length < 2 ? run.pair : pairName(pair.nodes),
      sides: withSide({ ...run, sides }, end.node, on),
    },
    nowMs,
    false,
  );
}

/** Where a run began, from what it has to do in all; null where the kernel prints no progress. */
function startOf(progress: DrbdProgress | null, sizeBytes: number | null): number | null {
  if (progress?.kind !== "verify" || progress.totalBytes === 0 || sizeBytes === null) return null;
  return Math.max(0, Math.round((sizeBytes - progress.totalBytes) / SECTOR_BYTES));
}

/** How far into the device a run has come, 0 to 100. */
function percentOf(progress: DrbdProgress | null, sizeBytes: number | null): number | null {
  if (progress?.kind !== "verify" || progress.totalBytes === 0) return null;
  const size = Math.max(sizeBytes ?? 0, progress.totalBytes);
  return Math.min(100, Math.max(0, ((size - progress.leftBytes) / size) * 100));
}

function seenOff(run: FollowedRun, end: PairSide, takenAtMs: number, nowMs: number): FollowedRun | null {
  const side = run.sides.find(({ node }) => node === end.node);
  if (!side || side.left) return null;
  if (takenAtMs < run.summary.startedAtMs + (side.wasRead ? 0 : SETTLED_MS)) return null;
  const { connection, replication, disk: peerDisk, outOfSyncBytes } = end.peer;
  const left = { atMs: takenAtMs, connection, replication, disk: end.device.disk, peerDisk };
  const ended = { left, afterBytes: outOfSyncBytes, endedAtMs: side.endedAtMs ?? takenAtMs };
  return touched(run, { sides: withSide(run, end.node, ended) }, nowMs, true);
}
