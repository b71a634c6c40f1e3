// SPDX-License-Identifier: Apache-2.0
import { MAX_RANGES, type VerifySummary } from "@/agent/protocol/console/verify";
import type { AgentFrame } from "@/agent/protocol/messages";
import type { DrbdProgress } from "@/agent/protocol/model/drbd";
import type { KernelLine } from "@/agent/protocol/model/kernel-log";
import { activity, linkState } from "@/server/cluster/drbd-words";
import type { ClusterFacts, NodeFacts } from "@/server/cluster/facts";
import { otherOf, type Pair, type PairSide, pairName, pairsOf } from "./pairs";
import { SECTOR_BYTES } from "./ranges";
import { type FollowedRun, MAX_LINES, MAX_RANGE_LINES, type RunSide, type VerifyWrites } from "./run-state";
import { parseVerifyLine, type VerifyLine, type VerifyWord } from "./words";

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

type Followable = Extract<AgentFrame, { type: "fact" | "telemetry" | "line" | "gap" }>;

/** What a frame of an agent means for the verifies under way of its cluster. Pure. `writes` is what of it is to be kept. */
export function follow(runs: readonly FollowedRun[], frame: Followable, around: FollowAround): Following {
  const node = around.after.nodes.get(around.node);
  if (!node) return unchanged(runs);
  switch (frame.type) {
    case "gap":
      return followGap(runs, node, frame, around.nowMs);
    case "line":
      return followLine(runs, node, frame.line, around);
    case "fact":
    case "telemetry":
      if (frame.source !== "drbd" || frame.readings.drbd?.status !== "ok") return unchanged(runs);
      return followReading(runs, node, atConsole(node, frame.readings.drbd.takenAtMs, around.nowMs), around);
  }
}

function unchanged(runs: readonly FollowedRun[]): Following {
  return { runs, writes: { runs: [], ranges: [], lines: [] } };
}

function atConsole(node: NodeFacts, nodeMs: number, nowMs: number): number {
  return Math.min(nowMs, nodeMs + node.clockOffsetMs);
}

function withRuns(runs: readonly FollowedRun[], changed: readonly FollowedRun[], more: Partial<VerifyWrites> = {}): Following {
  if (changed.length === 0) return unchanged(runs);
  const byId = new Map(changed.map((run) => [run.summary.id, run]));
  const kept = runs.map((run) => byId.get(run.summary.id) ?? run);
  const begun = changed.filter(({ summary }) => !runs.some((run) => run.summary.id === summary.id));
  return { runs: [...kept, ...begun], writes: { ranges: [], lines: [], ...more, runs: [...changed] } };
}

/** A run with news: `isEnd` where the news is of its end. */
function touched(run: FollowedRun, change: Partial<FollowedRun>, nowMs: number, isEnd: boolean): FollowedRun {
  return {
    ...run,
    ...change,
    revision: run.revision + 1,
    heardAtMs: nowMs,
    endingSinceMs: isEnd ? (run.endingSinceMs ?? nowMs) : change.endingSinceMs === undefined ? run.endingSinceMs : change.endingSinceMs,
  };
}

function withSide(run: FollowedRun, node: string, change: Partial<RunSide>): RunSide[] {
  return run.sides.map((side) => (side.node === node ? { ...side, ...change } : side));
}

/** Frames of a node that were lost while a run was under way: nothing that it did not say can be counted on. */
function followGap(runs: readonly FollowedRun[], node: NodeFacts, gap: Extract<AgentFrame, { type: "gap" }>, nowMs: number): Following {
  const toMs = atConsole(node, gap.toMs, nowMs);
  const changed = runs.flatMap((run) =>
    run.summary.startedAtMs <= toMs && run.sides.some((side) => side.node === node.node && !side.hasGap)
      ? [touched(run, { sides: withSide(run, node.node, { hasGap: true }) }, nowMs, false)]
      : [],
  );
  return withRuns(runs, changed);
}

function isOn({ peer }: PairSide): boolean {
  return activity(peer.replication) === "verify" && linkState(peer.connection) === "connected";
}

/** The runs of two copies, the latest first: one that ended a moment ago may not be judged yet when the next begins. */
function runsOf(runs: readonly FollowedRun[], { resource, volume, nodes }: Pair): FollowedRun[] {
  const name = pairName(nodes);
  // Where the other end had no name yet, or has none now, the one that is known decides.
  const isMine = (pair: string) => pair === name || (nodes.length < 2 ? pair.split("+").includes(name) : nodes.includes(pair));
  const mine = runs.filter(({ summary, pair }) => summary.resource === resource && summary.volume === volume && isMine(pair));
  return mine.sort((x, y) => y.summary.startedAtMs - x.summary.startedAtMs);
}

function sideOf({ sides }: FollowedRun, name: string): RunSide | undefined {
  return sides.find(({ node }) => node === name);
}

/** A run that no reading shows any more is not over by a reading that may be from before it. */
const SETTLED_MS = 1_000;
/** Clocks of two nodes are that much apart at the most where their agents' pulses were heard. */
const CLOCK_SLACK_MS = 5_000;

function followReading(runs: readonly FollowedRun[], node: NodeFacts, takenAtMs: number, around: FollowAround): Following {
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

function newSide({ node, device, peer }: PairSide, before: PairSide | null): RunSide {
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
const MAX_OPEN = 1_000;

/** A run that begins now; null for a word of one that ended already. */
function begin(pair: Pair, atMs: number, { before, after, nowMs, newId, claim, lastEndMs }: FollowAround): FollowedRun | null {
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

function followLine(runs: readonly FollowedRun[], node: NodeFacts, line: KernelLine, around: FollowAround): Following {
  const heard = parseVerifyLine(line.text);
  if (!heard) return unchanged(runs);
  const atMs = atConsole(node, line.atMs, around.nowMs);
  const concerned = concernedRuns(runs, node, heard, atMs, around);
  if (concerned.length === 0) return unchanged(runs);
  const changed: FollowedRun[] = [];
  const writes: Pick<VerifyWrites, "ranges" | "lines"> = { ranges: [], lines: [] };
  for (const run of concerned) {
    const side = run.sides.find((one) => one.node === node.node);
    if (!side) continue;
    const { id } = run.summary;
    const { word } = heard;
    if (word.says === "differs" && side.rangesLogged < MAX_RANGES) {
      writes.ranges.push({ run: id, node: node.node, startSector: word.startSector, sectors: word.sectors });
    }
    const isKept = run.lines < (word.says === "differs" ? MAX_RANGE_LINES : MAX_LINES);
    if (isKept) writes.lines.push({ run: id, node: node.node, kmsgSeq: line.kmsgSeq, atMs, text: line.text });
    const isEnd = word.says === "done" || word.says === "reached" || word.says === "left" || word.says === "cut";
    const ended = isEnd ? { endedAtMs: side.endedAtMs ?? atMs } : {};
    const sides = withSide(run, node.node, { ...said(side, word, atMs), ...ended });
    changed.push(
      touched(run, { sides, lines: run.lines + (isKept ? 1 : 0), summary: withWord(run, sides, node.node, word) }, around.nowMs, isEnd),
    );
  }
  return withRuns(runs, changed, writes);
}

/** What a node's kernel said, put to what is known of its side. */
function said(side: RunSide, word: VerifyWord, atMs: number): Partial<RunSide> {
  switch (word.says) {
    case "entered":
      return { wasOn: true };
    case "began":
      return { wasOn: true, startSector: word.sector };
    case "differs":
      return { rangesLogged: side.rangesLogged + 1, bytesLogged: side.bytesLogged + word.sectors * SECTOR_BYTES };
    case "done":
      return { done: { atMs, seconds: word.seconds, kibPerSec: word.kibPerSec } };
    case "found":
      return { foundBytes: word.bytes };
    case "reached":
      return { reachedSector: word.sector };
    case "left":
    case "cut":
      // "Off" only says that the connection is gone; the word of the connection says how.
      return { wentTo: side.wentTo === null || side.wentTo === "Off" ? word.state : side.wentTo };
  }
}

function withWord({ summary, pair }: FollowedRun, sides: readonly RunSide[], node: string, word: VerifyWord): VerifySummary {
  const other = pair.split("+").find((one) => one !== node) ?? null;
  const isStarter = word.says === "began" ? word.isStarter : word.says === "entered" ? word.state === "VerifyS" : null;
  const starter = summary.starter ?? (isStarter === null ? null : isStarter ? node : other);
  const peer = summary.peer ?? (starter === null ? null : starter === node ? other : node);
  return { ...summary, starter, peer, differsBytes: differsBytesOf(sides) };
}

/** What is known of how much differs: the kernel's own count, else the sum of what the more talkative node logged. */
export function differsBytesOf(sides: readonly RunSide[]): number | null {
  const found = sides.flatMap(({ foundBytes }) => (foundBytes === null ? [] : [foundBytes]));
  if (found.length > 0) return Math.max(...found);
  const logged = Math.max(0, ...sides.map(({ bytesLogged }) => bytesLogged));
  return logged > 0 ? logged : null;
}

/** Two nodes print the beginning of one run this far apart at the most, by clocks that agree. */
const TOGETHER_MS = 500;

/**
 * The run of two copies that a node's line of this time is of: a first word is of one that this node has not ended, every other
 * of the latest that it was in. `mine` has the latest first.
 */
function runAt(mine: readonly FollowedRun[], node: string, isFirst: boolean, atMs: number): FollowedRun | undefined {
  const fits = (run: FollowedRun) => {
    const side = sideOf(run, node);
    return isFirst ? side?.endedAtMs === null : side?.wasOn === true;
  };
  for (const slackMs of [TOGETHER_MS, CLOCK_SLACK_MS]) {
    const begun = mine.filter(({ summary }) => atMs >= summary.startedAtMs - slackMs);
    const found = begun.find(fits) ?? (isFirst ? undefined : begun[0]);
    if (found) return found;
  }
  return undefined;
}

/** The runs that a line speaks of: those under way, or the one that begins with it. */
function concernedRuns(
  runs: readonly FollowedRun[],
  node: NodeFacts,
  { subject, word }: VerifyLine,
  atMs: number,
  around: FollowAround,
): FollowedRun[] {
  const isFirst = word.says === "entered" || word.says === "began";
  if (!isFirst && runs.length === 0) return [];
  const pairs = pairsOf(around.after).filter(({ sides }) =>
    sides.some((side) => {
      if (side.node !== node.node) return false;
      const isDevice = subject.minor === null ? side.device.resource === subject.resource : side.device.minor === subject.minor;
      return isDevice && (subject.peer === null || side.peer.name === null || side.peer.name === subject.peer);
    }),
  );
  const known = pairs.flatMap((pair) => {
    const run = runAt(runsOf(runs, pair), node.node, isFirst, atMs);
    return run ? [run] : [];
  });
  if (known.length > 0 || !isFirst) return known;
  const [pair] = pairs;
  // A device with several peers, and a line that names none: which pair it is, only a reading will say.
  if (!pair || pairs.length > 1 || runs.length >= MAX_OPEN) return [];
  const begun = begin(pair, atMs, around);
  return begun ? [begun] : [];
}
