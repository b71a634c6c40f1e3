// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from "node:util";
import type { Collector } from "./collectors/define";
import type { Reading, Readings, SourceName } from "./protocol/sources";

/** One reading as a frame carries it. */
export function readingsOf<N extends SourceName>(source: N, reading: Reading<N>): Readings {
  return { [source]: reading };
}

/** How a reading differs from the one before: in what it says, only in counters or progress, or not at all. */
export type Change = "steady" | "telemetry" | "same";

/** Compares two readings of one source; when they were taken does not matter. Becoming failed or absent is a change too. */
export function changeOf<N extends SourceName>(collector: Collector<N>, before: Reading<N> | null, now: Reading<N>): Change {
  if (before === null || before.status !== now.status) return "steady";
  if (before.status === "failed" && now.status === "failed") {
    if (before.error.code !== now.error.code) return "steady";
    return before.error.message === now.error.message ? "same" : "telemetry"; // the words may hold a process id or a time
  }
  if (before.status === "ok" && now.status === "ok") {
    if (before.value === now.value || isDeepStrictEqual(before.value, now.value)) return "same";
    const steady = collector.steady;
    return steady && isDeepStrictEqual(steady(before.value), steady(now.value)) ? "telemetry" : "steady";
  }
  return "same";
}
