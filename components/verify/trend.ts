// SPDX-License-Identifier: Apache-2.0
import type { VerifySummary } from "@/agent/protocol/console/verify";

/** One value over the runs of a mirror; null where a run does not tell it: a gap, never zero. */
export interface Curve {
  of: "duration" | "rate" | "differs";
  title: string;
  /** Epoch seconds, rising. */
  atSeconds: readonly number[];
  /** Units: ms, bytes a second, bytes. */
  values: readonly (number | null)[];
}

/** A run that was cut took no time that could be compared with one that went through. */
function tookOf({ result, startedAtMs, endedAtMs }: VerifySummary): number | null {
  return endedAtMs === null || (result !== "clean" && result !== "differs") ? null : endedAtMs - startedAtMs;
}

export function curvesOf(runs: readonly VerifySummary[]): readonly Curve[] {
  const sorted = [...runs].sort((a, b) => a.startedAtMs - b.startedAtMs);
  const atSeconds = sorted.map(({ startedAtMs }) => startedAtMs / 1_000);
  return [
    { of: "duration", title: "How long it took", atSeconds, values: sorted.map(tookOf) },
    { of: "rate", title: "Mean rate", atSeconds, values: sorted.map(({ rateBytesPerSec }) => rateBytesPerSec) },
    { of: "differs", title: "What differed", atSeconds, values: sorted.map(({ differsBytes }) => differsBytes) },
  ];
}

/** Marks of the time axis: days where it spans days, else the clock. */
export function axisFormat(zone: string): (plot: unknown, seconds: readonly number[]) => string[] {
  const day = new Intl.DateTimeFormat("en-GB", { timeZone: zone, day: "numeric", month: "short" });
  const minutes = { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const clock = new Intl.DateTimeFormat("en-GB", minutes);
  const seconds = new Intl.DateTimeFormat("en-GB", { ...minutes, second: "2-digit" });
  return (_plot, marks) => {
    const span = (marks.at(-1) ?? 0) - (marks[0] ?? 0);
    const format = span >= 86_400 ? day : span >= 900 ? clock : seconds;
    return marks.map((one) => format.format(one * 1_000));
  };
}
