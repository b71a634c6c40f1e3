// SPDX-License-Identifier: Apache-2.0
import { MAX_RANGES, type VerifyDetail, type VerifyRecord } from "@/agent/protocol/console/verify";
import type { VerifyRecords } from "@/server/db/verifies";
import { COMPARED_RUNS, type ComparedRun, compare } from "./compare";
import { mergeRanges } from "./ranges";
import { readErrorsIn } from "./read-errors";
import type { FollowedRun } from "./run-state";

/** So many earlier runs are looked through for those that found something or came to their end. */
const LOOKED_THROUGH = 60;

/** A record whole, with what it comes to beside earlier runs; null when there is none of this id. */
export async function detailOf(records: VerifyRecords, id: string, nowMs: number): Promise<VerifyDetail | null> {
  const run = await records.byId(id);
  if (!run) return null;
  const logged = await records.ranges(id);
  const ranges = mergeRanges(logged);
  const kept = ranges.slice(0, MAX_RANGES);
  const said = Math.max(0, ...run.sides.map(({ rangesLogged }) => rangesLogged));
  const record: VerifyRecord = {
    ...run.summary,
    outOfSync: run.sides.map(({ node, beforeBytes, afterBytes }) => ({ node, beforeBytes, afterBytes })),
    algorithm: run.algorithm,
    versions: run.versions,
    ranges: kept,
    rangesNotKept: Math.max(said - logged.length, 0) + (ranges.length - kept.length),
    accepted: run.accepted,
    lines: await records.lines(id),
  };
  return { atMs: nowMs, record, comparison: await comparisonOf(records, { run, ranges: kept }, nowMs) };
}

async function comparisonOf(records: VerifyRecords, one: ComparedRun, nowMs: number): Promise<VerifyDetail["comparison"]> {
  const { cluster, resource, volume, startedAtMs, id } = one.run.summary;
  const before = { startedAtMs, id };
  const older = await records.list({ cluster, mirror: { resource, volume }, before, isEnded: true }, LOOKED_THROUGH);
  const earlier: ComparedRun[] = [];
  for (const run of older) {
    if (earlier.length === COMPARED_RUNS - 1) break;
    if (run.pair !== one.run.pair || !saysSomething(run)) continue;
    earlier.unshift({ run, ranges: mergeRanges(await records.ranges(run.summary.id)).slice(0, MAX_RANGES) });
  }
  const since = earlier[0]?.run.summary.startedAtMs ?? startedAtMs;
  const lines = await records.diskLines(cluster, one.run.pair.split("+"), since);
  const errors = readErrorsIn(
    lines.filter(({ atMs }) => atMs <= nowMs),
    one.ranges,
  );
  return compare(one, earlier, errors);
}

/** It came to its end, or found something on the way. */
function saysSomething({ summary, sides }: FollowedRun): boolean {
  return summary.result === "clean" || summary.result === "differs" || sides.some(({ rangesLogged }) => rangesLogged > 0);
}
