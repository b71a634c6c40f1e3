// SPDX-License-Identifier: Apache-2.0
import type { VerifyComparison, VerifyRecord } from "@/agent/protocol/console/verify";

type Place = VerifyComparison["places"][number];

/** Runs and the places they found, side by side; a run that cannot be compared stands alone. */
export interface Places {
  runs: VerifyComparison["runs"];
  places: readonly Place[];
  notShown: number;
}

/** As many of a single run as are drawn; all are in the export. */
const DRAWN = 1_000;

export function placesOf(record: VerifyRecord, comparison: VerifyComparison | null): Places {
  if (comparison !== null) return { runs: comparison.runs, places: comparison.places, notShown: comparison.placesNotShown };
  const { id, startedAtMs, result, ranges, rangesNotKept, sizeBytes, percent } = record;
  const reachedSector =
    result === "aborted" && sizeBytes !== null && percent !== null ? Math.floor((sizeBytes / 512) * (percent / 100)) : null;
  return {
    runs: [{ id, startedAtMs, result, reachedSector }],
    places: ranges.slice(0, DRAWN).map((range) => ({ ...range, said: ["differs"] })),
    notShown: rangesNotKept + Math.max(0, ranges.length - DRAWN),
  };
}

/** Bytes that a run found, of the places that are shown. */
export function foundBytes(places: readonly Place[], run: number): number {
  return places.reduce((sum, { sectors, said }) => sum + (said[run] === "differs" ? sectors * 512 : 0), 0);
}

/** Whether more than one run found a place: that points to what does not change. */
export function isRepeated({ said }: Place): boolean {
  return said.filter((one) => one === "differs").length > 1;
}

const SCALE_STEPS = [0, 0.25, 0.5, 0.75, 1] as const;

/** The scale of a device: five marks from its begin to its end. Units: bytes. */
export function scaleOf(sizeBytes: number): readonly number[] {
  return SCALE_STEPS.map((part) => part * sizeBytes);
}
