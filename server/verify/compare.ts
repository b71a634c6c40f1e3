// SPDX-License-Identifier: Apache-2.0
import type { VerifyComparison, VerifyRange } from "@/agent/protocol/console/verify";
import { counted, joinWords } from "@/server/cluster/words";
import { comparedAll } from "./conclude";
import { BLOCK_SECTORS, blocksOf, SECTOR_BYTES } from "./ranges";
import type { ReadError } from "./read-errors";
import type { FollowedRun } from "./run-state";

/** A run with the places that are kept of it. */
export interface ComparedRun {
  run: FollowedRun;
  ranges: readonly VerifyRange[];
}

/** Runs side by side at the most, this one with them. */
export const COMPARED_RUNS = 6;
const MAX_PLACES = 1_000;

type Said = VerifyComparison["places"][number]["said"][number];

/** A run as the sweep over the device needs it: blocks that differ, and what it reached, both in blocks. */
interface Swept {
  blocks: [number, number][];
  fromBlock: number;
  /** Null: to the end. */
  toBlock: number | null;
}

/**
 * What a run found beside what earlier runs of the same two copies found. `earlier` are oldest first. Null while there is nothing
 * that differs in any of them. Pure.
 */
export function compare(one: ComparedRun, earlier: readonly ComparedRun[], errors: readonly ReadError[]): VerifyComparison | null {
  const runs = [...earlier.slice(-(COMPARED_RUNS - 1)), one];
  if (runs.every(({ ranges }) => ranges.length === 0)) return null;
  const swept = runs.map(sweepOf);
  const places = placesOf(swept);
  const own = swept.at(-1)?.blocks ?? [];
  const untouched = runs.slice(0, -1).map((before) => !isResyncedBetween(before.run, one.run));
  const overlaps = swept.slice(0, -1).map(({ blocks }) => overlapOf(own, blocks));
  const sameBlocks = countBlocks(union(overlaps.filter((_, place) => untouched[place])));
  const ofRuns = { runs: runs.map(({ run }) => run), own, overlaps, untouched };
  return {
    runs: runs.map(({ run }) => ({
      id: run.summary.id,
      startedAtMs: run.summary.startedAtMs,
      result: run.summary.result,
      reachedSector: reachedOf(run),
    })),
    places: places.slice(0, MAX_PLACES),
    placesNotShown: Math.max(0, places.length - MAX_PLACES),
    sameBlocks,
    newBlocks: countBlocks(own) - sameBlocks,
    title: titleOf(ofRuns),
    meaning: meaningOf(ofRuns, errors),
  };
}

/** The sector that a run compared up to; null for one that came to its end. */
export function reachedOf(run: FollowedRun): number | null {
  if (comparedAll(run)) return null;
  const reached = run.sides.flatMap(({ reachedSector }) => (reachedSector === null ? [] : [reachedSector]));
  if (reached.length > 0) return Math.min(...reached);
  const { sizeBytes, percent, result } = run.summary;
  if (sizeBytes === null || percent === null) return result === "differs" || result === "clean" ? null : 0;
  return Math.floor((sizeBytes * percent) / 100 / SECTOR_BYTES);
}

function sweepOf({ run, ranges }: ComparedRun): Swept {
  const blocks = blocksOf(ranges);
  const reached = reachedOf(run);
  const starts = run.sides.flatMap(({ startSector }) => (startSector === null ? [] : [startSector]));
  // Of one that logged more than is kept, nothing is known behind the last place that is.
  const isCut = run.sides.some(({ rangesLogged }) => rangesLogged > ranges.length);
  const lastKept = blocks.at(-1)?.[1];
  const end = reached === null ? null : Math.floor(reached / BLOCK_SECTORS);
  const toBlock = isCut && lastKept !== undefined ? Math.min(end ?? Number.POSITIVE_INFINITY, lastKept + 1) : end;
  return { blocks, fromBlock: Math.floor(Math.max(0, ...starts) / BLOCK_SECTORS), toBlock };
}

/** Every stretch of blocks that some run found to differ, cut where what the runs say of it changes. */
function placesOf(runs: readonly Swept[]): VerifyComparison["places"] {
  const all = union(runs.map(({ blocks }) => blocks));
  const edges = new Set<number>();
  for (const { blocks, fromBlock, toBlock } of runs) {
    for (const [first, last] of blocks) edges.add(first).add(last + 1);
    edges.add(fromBlock);
    if (toBlock !== null) edges.add(toBlock);
  }
  const sorted = [...edges].sort((x, y) => x - y);
  const cursors = runs.map(() => 0);
  const places: { first: number; last: number; said: Said[] }[] = [];
  let edge = 0;
  for (const [first, last] of all) {
    let from = first;
    while (from <= last) {
      while ((sorted[edge] ?? Number.POSITIVE_INFINITY) <= from) edge += 1;
      const to = Math.min(last, (sorted[edge] ?? Number.POSITIVE_INFINITY) - 1);
      const said = runs.map((run, place) => saysOf(run, from, cursors, place));
      const before = places.at(-1);
      if (before && before.last + 1 === from && before.said.join() === said.join()) before.last = to;
      else places.push({ first: from, last: to, said });
      from = to + 1;
    }
  }
  return places.map(({ first, last, said }) => ({ startSector: first * BLOCK_SECTORS, sectors: (last - first + 1) * BLOCK_SECTORS, said }));
}

/** What a run says of a block; blocks are asked for in their order, so each run is gone through once. */
function saysOf({ blocks, fromBlock, toBlock }: Swept, block: number, cursors: number[], place: number): Said {
  let cursor = cursors[place] ?? 0;
  while (cursor < blocks.length && (blocks[cursor]?.[1] ?? 0) < block) cursor += 1;
  cursors[place] = cursor;
  const found = blocks[cursor];
  if (found && found[0] <= block) return "differs";
  return block < fromBlock || (toBlock !== null && block >= toBlock) ? "not reached" : "same";
}

function union(lists: readonly (readonly [number, number][])[]): [number, number][] {
  const merged: [number, number][] = [];
  for (const [first, last] of lists.flat().sort((x, y) => x[0] - y[0])) {
    const before = merged.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

/** Blocks in both of two lists in order. */
function overlapOf(one: readonly [number, number][], other: readonly [number, number][]): [number, number][] {
  const found: [number, number][] = [];
  let x = 0;
  let y = 0;
  for (let a = one[x], b = other[y]; a && b; a = one[x], b = other[y]) {
    const first = Math.max(a[0], b[0]);
    const last = Math.min(a[1], b[1]);
    if (first <= last) found.push([first, last]);
    if (a[1] < b[1]) x += 1;
    else y += 1;
  }
  return found;
}

function countBlocks(blocks: readonly [number, number][]): number {
  return blocks.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}

/** Whether marks of an earlier run were gone when the later one began: then a resync wrote those blocks anew. */
function isResyncedBetween(earlier: FollowedRun, later: FollowedRun): boolean {
  return later.sides.some((side) => {
    const was = earlier.sides.find(({ node }) => node === side.node)?.afterBytes;
    return was !== null && was !== undefined && side.beforeBytes !== null && side.beforeBytes < was;
  });
}

interface OfRuns {
  runs: FollowedRun[];
  own: [number, number][];
  overlaps: [number, number][][];
  untouched: boolean[];
}

/** "12 Oct" */
function day(ms: number): string {
  return new Date(ms).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
}

/** The earlier run that found the most of the same, and how many of this one's places it found. */
function likest({ runs, own, overlaps }: OfRuns): { place: number; same: number; startedAtMs: number } | null {
  const counts = overlaps.map(countBlocks);
  const most = Math.max(0, ...counts);
  if (most === 0) return null;
  const place = counts.lastIndexOf(most);
  const overlap = overlaps[place] ?? [];
  const same = own.filter(([first, last]) => overlap.some(([from, to]) => from <= last && to >= first)).length;
  return { place, same, startedAtMs: runs[place]?.summary.startedAtMs ?? 0 };
}

function lastWithFindings({ runs, overlaps }: OfRuns): FollowedRun | null {
  return runs.slice(0, overlaps.length).findLast(({ sides }) => sides.some(({ rangesLogged }) => rangesLogged > 0)) ?? null;
}

function titleOf(ofRuns: OfRuns): string {
  const total = ofRuns.own.length;
  const before = lastWithFindings(ofRuns);
  if (total === 0) return before ? `Nothing of what differed on ${day(before.summary.startedAtMs)} differs any more` : "Nothing differs";
  const like = likest(ofRuns);
  if (like) {
    const on = `as on ${day(like.startedAtMs)}`;
    if (like.same < total) return `${like.same} of ${total} places are the same ${on}`;
    return total === 1 ? `The place is the same ${on}` : `All ${total} places are the same ${on}`;
  }
  if (before) return `Other places than on ${day(before.summary.startedAtMs)}`;
  return `${counted(total, "place")}, found for the first time`;
}

const DISK = "The same blocks twice points to a disk or controller, not to buffers changed in flight.";
const FLIGHT =
  "Different blocks each time are usually buffers changed in flight, by swap or by a file system that writes what it is still changing; the copies then differ in what nobody reads.";
const FIRST =
  "There is no earlier run to compare with. Repair it step by step, then verify once more: the same blocks again point to a disk or controller, others to buffers changed in flight.";

function meaningOf(ofRuns: OfRuns, errors: readonly ReadError[]): string {
  const { own, untouched } = ofRuns;
  const like = likest(ofRuns);
  const heard = errorsOf(errors);
  if (own.length === 0) return ["The copies are the same where they differed.", heard].filter(Boolean).join(" ");
  if (!like) return [lastWithFindings(ofRuns) ? FLIGHT : FIRST, heard].filter(Boolean).join(" ");
  const between = untouched[like.place]
    ? "No resync touched it between the two runs."
    : "A resync wrote these blocks anew in between, and they differ again.";
  return [DISK, heard, between].filter(Boolean).join(" ");
}

/** "crystal's kernel logged read errors on sdd on 9 Oct, near these blocks." */
function errorsOf(errors: readonly ReadError[]): string {
  const byNode = new Map<string, ReadError[]>();
  for (const error of errors) byNode.set(error.node, [...(byNode.get(error.node) ?? []), error]);
  return [...byNode]
    .map(([node, found]) => {
      const disks = [...new Set(found.flatMap(({ disk }) => (disk === null ? [] : [disk])))].slice(0, 3);
      const last = Math.max(...found.map(({ atMs }) => atMs));
      const near = found.some(({ isNear }) => isNear) ? ", near these blocks" : "";
      return `${node}'s kernel logged read errors${disks.length > 0 ? ` on ${joinWords(disks)}` : ""} on ${day(last)}${near}.`;
    })
    .join(" ");
}
