// SPDX-License-Identifier: Apache-2.0
import type { VerifySummary } from "@/agent/protocol/console/verify";
import type { VerifyCalendar } from "@/agent/protocol/console/verify-plan";
import { type Day, dayOf } from "./days";

/** What stands on one day of the calendar: runs that began on it, and windows that open on it. */
export interface OnDay {
  runs: readonly VerifySummary[];
  due: VerifyCalendar["due"];
}

/** A calendar's entries by the day of the month, in the console's zone, each day's in the order of their times. */
export function byDay(
  { runs, due }: Pick<VerifyCalendar, "runs" | "due">,
  { year, month }: Pick<Day, "year" | "month">,
  zone: string,
): ReadonlyMap<number, OnDay> {
  const days = new Map<number, { runs: VerifySummary[]; due: VerifyCalendar["due"] }>();
  const on = (atMs: number) => {
    const day = dayOf(atMs, zone);
    if (day.year !== year || day.month !== month) return null;
    const known = days.get(day.day) ?? { runs: [], due: [] };
    days.set(day.day, known);
    return known;
  };
  for (const run of [...runs].sort((a, b) => a.startedAtMs - b.startedAtMs)) on(run.startedAtMs)?.runs.push(run);
  for (const window of [...due].sort((a, b) => a.opensAtMs - b.opensAtMs)) on(window.opensAtMs)?.due.push(window);
  return days;
}
