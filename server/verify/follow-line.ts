// SPDX-License-Identifier: Apache-2.0
import { MAX_RANGES, type VerifySummary } from "@/agent/protocol/console/verify";
import type { KernelLine } from "@/agent/protocol/model/kernel-log";
import type { NodeFacts } from "@/server/cluster/facts";
import {
  atConsole,
  begin,
  CLOCK_SLACK_MS,
  type FollowAround,
  type Following,
  MAX_OPEN,
  runsOf,
  sideOf,
  touched,
  unchanged,
  withRuns,
  withSide,
} from "./follow-runs";
import { pairsOf } from "./pairs";
import { SECTOR_BYTES } from "./ranges";
import { type FollowedRun, MAX_LINES, MAX_RANGE_LINES, type RunSide, type VerifyWrites } from "./run-state";
import { parseVerifyLine, type VerifyLine, type VerifyWord } from "./words";

/** What a line of a node's kernel log means for the runs, and what of it is kept. */
export function followLine(runs: readonly FollowedRun[], node: NodeFacts, line: KernelLine, around: FollowAround): Following {
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
