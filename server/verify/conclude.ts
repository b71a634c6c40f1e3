// SPDX-License-Identifier: Apache-2.0
import type { VerifyResult, VerifySummary } from "@/agent/protocol/console/verify";
import { activity, linkState } from "@/server/cluster/drbd-words";
import { counted, formatBytes, formatDuration, formatPercent, joinWords } from "@/server/cluster/words";
import { differsBytesOf } from "./follow-line";
import { SECTOR_BYTES } from "./ranges";
import type { FollowedRun, RunSide } from "./run-state";

/** What judging an end needs beside the run. */
export interface ConcludeAround {
  /** The console's clock. */
  nowMs: number;
  /** Whether a node's agent is heard now. */
  isHeard: (node: string) => boolean;
  /** Whether a node's kernel log can be read, as last tried. */
  hasLog: (node: string) => boolean;
  /** How many places the kept ranges are, those that touch as one. */
  places: number;
  /** The labs' factor on all patience. */
  factor: number;
}

/** After the last word of an end so long for the words that follow it: "done" is said before "reached sector". */
const SETTLE_MS = 2_500;
/** A node that is heard has said all it will of an end within this, though another did long ago. */
const PATIENCE_MS = 15_000;
/** Nodes that nobody heard of for so long will not say how it ended. */
const FORGOTTEN_MS = 7 * 86_400_000;

/** Whether all that will be said of a run's end has been said, or waited for long enough. */
export function isDue(run: FollowedRun, { nowMs, isHeard, hasLog, factor }: Omit<ConcludeAround, "places">): boolean {
  const quietMs = nowMs - run.heardAtMs;
  if (run.endingSinceMs === null) return quietMs >= FORGOTTEN_MS;
  const isSaid = run.sides.every((side) => isHeard(side.node) && side.left !== null && (hasKernelWord(side) || !hasLog(side.node)));
  return isSaid ? quietMs >= SETTLE_MS * factor : nowMs - run.endingSinceMs >= PATIENCE_MS * factor;
}

function hasKernelWord({ done, reachedSector, wentTo }: RunSide): boolean {
  return done !== null || reachedSector !== null || wentTo !== null;
}

/** How a run ended, by all that was said of it: clean only where a kernel said done, of the whole device, and nothing was lost. */
export function conclude(run: FollowedRun, around: ConcludeAround): VerifySummary {
  const { sides, summary } = run;
  const doneAt = sides.flatMap(({ done }) => (done ? [done.atMs] : []));
  const leftAt = sides.flatMap(({ left }) => (left ? [left.atMs] : []));
  const times = doneAt.length > 0 ? doneAt : leftAt.length > 0 ? leftAt : [run.heardAtMs];
  const endedAtMs = Math.max(summary.startedAtMs, Math.min(...times));
  const tookMs = endedAtMs - summary.startedAtMs;
  const isWhole = comparedAll(run);
  const percent = isWhole ? 100 : reachedPercent(run);
  const { result, says } = judge(run, isWhole, percent, tookMs, around);
  return {
    ...summary,
    endedAtMs,
    result,
    says,
    percent,
    rateBytesPerSec: rateOf(run, percent, tookMs),
    // "Nothing differs" is only said of what was compared to its end.
    differsBytes: differsBytesOf(sides) ?? (result === "clean" ? 0 : null),
    outOfSync: sides.map(({ node, beforeBytes, afterBytes }) => ({ node, beforeBytes, afterBytes })),
  };
}

/**
 * Whether a kernel said done and it was the whole device: begun at its first sector, no "reached sector" (which comes with a stop
 * before the end), and the time and rate of its own line make up the size.
 */
export function comparedAll({ sides, summary }: FollowedRun): boolean {
  const done = sides.flatMap((side) => (side.done ? [side.done] : []));
  if (done.length === 0 || sides.some(({ reachedSector }) => reachedSector !== null)) return false;
  const starts = sides.flatMap(({ startSector }) => (startSector === null ? [] : [startSector]));
  if (starts.some((sector) => sector > 0)) return false;
  const { sizeBytes } = summary;
  if (sizeBytes === null) return starts.length > 0;
  // The kernel counts blocks of 4 KiB a second, rounded down: so much at the most was compared. (8.3 before 8.3.14 knows no stop.)
  return done.every(({ seconds, kibPerSec }) => (kibPerSec + 4) * Math.max(1, seconds) * 1024 >= sizeBytes);
}

function reachedPercent({ sides, summary }: FollowedRun): number | null {
  const { sizeBytes, percent } = summary;
  const reached = sides.flatMap(({ reachedSector }) => (reachedSector === null ? [] : [reachedSector]));
  if (reached.length === 0 || !sizeBytes) return percent;
  return Math.min(100, ((Math.min(...reached) * SECTOR_BYTES) / sizeBytes) * 100);
}

/** Bytes a second; null where it was too short to tell. */
function rateOf({ sides, summary }: FollowedRun, percent: number | null, tookMs: number): number | null {
  const done = sides.find((side) => side.done)?.done;
  if (done && done.kibPerSec > 0) return done.kibPerSec * 1024;
  if (tookMs < 2_000 || percent === null || summary.sizeBytes === null) return null;
  const fromBytes = Math.max(0, ...sides.map(({ startSector }) => startSector ?? 0)) * SECTOR_BYTES;
  const compared = (summary.sizeBytes * percent) / 100 - fromBytes;
  return compared > 0 ? compared / (tookMs / 1_000) : null;
}

interface Judged {
  result: VerifyResult;
  says: string;
}

function judge(run: FollowedRun, isWhole: boolean, percent: number | null, tookMs: number, around: ConcludeAround): Judged {
  const { sides, summary } = run;
  const lost = sides.filter(({ hasGap }) => hasGap).map(({ node }) => node);
  const found = differsOf(run, around.places);
  if (isWhole && found) {
    const atLeast = lost.length > 0 ? ` Kernel lines of ${joinWords(lost)} were lost meanwhile: it may be more.` : "";
    return { result: "differs", says: `${found}${atLeast} A verify repairs nothing.` };
  }
  if (isWhole && lost.length > 0) {
    const says = `It went through to its end, but kernel lines of ${joinWords(lost)} were lost meanwhile: whether blocks differ was not seen.`;
    return { result: "unknown", says };
  }
  if (isWhole) {
    const size = summary.sizeBytes === null ? "All" : formatBytes(summary.sizeBytes);
    return { result: "clean", says: `Clean: ${size} compared in ${formatDuration(tookMs)}, nothing differs.` };
  }
  const reason = reasonOf(run, around);
  if (reason === null) return { result: "unknown", says: unseen(run, around) };
  const at = percent === null ? "Aborted" : `Aborted at ${formatPercent(percent)}`;
  return { result: "aborted", says: `${at}: ${reason}.${found ? ` Up to there: ${found.charAt(0).toLowerCase()}${found.slice(1)}` : ""}` };
}

/** What was found to differ, as a sentence; null for nothing. */
function differsOf({ sides }: FollowedRun, places: number): string | null {
  const logged = Math.max(0, ...sides.map(({ bytesLogged }) => bytesLogged));
  const before = Math.max(0, ...sides.map(({ beforeBytes }) => beforeBytes ?? 0));
  const marked = differsBytesOf(sides) ?? 0;
  const after = Math.max(0, ...sides.map(({ afterBytes }) => afterBytes ?? 0));
  if (logged === 0 && marked === 0 && after <= before) return null;
  if (logged === 0 && before > 0 && Math.max(marked, after) <= before) {
    return `No new differences; ${formatBytes(before)} were already out of sync before the run.`;
  }
  const where = places > 0 ? `, ${counted(places, "place")}` : "";
  const old = before > 0 ? ` ${formatBytes(before)} were already out of sync before the run.` : "";
  return `Differs in ${formatBytes(Math.max(logged, marked, after))}${where}.${old}`;
}

/** Why it did not come to its end, as a phrase; null where nothing says that it was broken off. */
function reasonOf(run: FollowedRun, around: ConcludeAround): string | null {
  const { sides } = run;
  if (run.stoppedBy) return run.stoppedBy;
  const moved = sides.flatMap(({ left }) => (left ? [left] : []));
  if (moved.some(({ replication }) => ["resync", "paused", "starting"].includes(activity(replication)))) return "a resync took its place";
  const gone = sides.find(({ left }) => left?.connection === "Unconfigured");
  if (gone) return `the mirror was taken down on ${gone.node}`;
  const detached = sides.find(({ left }) => left && (left.disk === "Diskless" || left.disk === "Failed"));
  if (detached) return `${detached.node} let go of its disk`;
  const cut = cutOf(run, around);
  if (cut) return cut;
  const from = Math.max(0, ...sides.map(({ startSector }) => startSector ?? 0));
  const isDone = sides.some(({ done }) => done !== null);
  if (sides.some(({ reachedSector }) => reachedSector !== null)) {
    const begun = from > 0 ? `, and it had begun at sector ${from}` : "";
    return isDone ? `it was stopped there${begun}` : `it broke off there, and no word says why${begun}`;
  }
  if (!isDone) return null;
  if (from > 0) return `it had begun at sector ${from}, so what lies before was not compared`;
  return "it was stopped before the end, by the time and rate that the kernel counted";
}

const BY_HAND = new Set(["Disconnecting", "StandAlone"]);

/** The connection went: whose doing it was, as far as the words of both sides tell. */
function cutOf({ sides, summary }: FollowedRun, { isHeard }: ConcludeAround): string | null {
  const wordsOf = ({ wentTo, left }: RunSide) => [wentTo, left?.connection].filter((word) => word !== null && word !== undefined);
  const isCut = (word: string) => word === "Off" || (linkState(word) !== "connected" && linkState(word) !== "unknown");
  const parted = sides.filter((side) => wordsOf(side).some(isCut));
  const [first] = parted;
  if (!first) return null;
  const byHand = parted.find((side) => wordsOf(side).some((word) => BY_HAND.has(word)));
  if (byHand) return `it was disconnected on ${byHand.node}`;
  const nodes = [summary.starter, summary.peer, ...sides.map(({ node }) => node)];
  const silent = nodes.find((node) => node !== null && node !== first.node && !isHeard(node));
  if (silent) return `the connection to ${silent} was lost, and its agent is not heard either`;
  const other = nodes.find((node) => node !== null && node !== first.node) ?? "its peer";
  const word = wordsOf(first).find((one) => isCut(one) && one !== "Off");
  return `the connection to ${other} was lost${word ? ` (${word})` : ""}`;
}

/** Nothing says how it ended: what is missing for a better word. */
function unseen({ sides, endingSinceMs }: FollowedRun, { hasLog }: ConcludeAround): string {
  if (endingSinceMs === null) return "Its nodes were not heard of any more: what became of it was not seen.";
  const lost = sides.filter(({ hasGap }) => hasGap).map(({ node }) => node);
  if (lost.length > 0) return `It ended while kernel lines of ${joinWords(lost)} were lost: how was not seen.`;
  const deaf = sides.filter(({ node }) => !hasLog(node)).map(({ node }) => node);
  if (deaf.length > 0) return `It ended, and the kernel log of ${joinWords(deaf)} cannot be read: how was not seen.`;
  return "It ended without a word in the kernel log: how was not seen.";
}
