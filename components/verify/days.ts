// SPDX-License-Identifier: Apache-2.0

/** A day of the calendar in some zone. `month` counts from 1. */
export interface Day {
  year: number;
  month: number;
  day: number;
}

const parts = new Map<string, Intl.DateTimeFormat>();

function wallClockOf(atMs: number, zone: string): Day & { asUtcMs: number } {
  const format =
    parts.get(zone) ??
    new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  parts.set(zone, format);
  const told = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
  const of = (type: Intl.DateTimeFormatPartTypes) => told.get(type) ?? 0;
  const [year, month, day] = [of("year"), of("month"), of("day")];
  return { year, month, day, asUtcMs: Date.UTC(year, month - 1, day, of("hour"), of("minute"), of("second")) };
}

export function dayOf(atMs: number, zone: string): Day {
  const { year, month, day } = wallClockOf(atMs, zone);
  return { year, month, day };
}

/** When a day begins in a zone. Days beyond a month's end are the next month's, as for Date. */
export function startOf({ year, month, day }: Day, zone: string): number {
  const wantedMs = Date.UTC(year, month - 1, day);
  // Twice: the first step may land on the other side of a change of the clock.
  const nearMs = wantedMs - offsetOf(wantedMs, zone);
  const startMs = wantedMs - offsetOf(nearMs, zone);
  // Where midnight itself is leapt over the day begins after the leap.
  return wallClockOf(startMs, zone).asUtcMs < wantedMs ? startMs + 3_600_000 : startMs;
}

/** How far a zone's clock is before UTC at a moment. Units: ms. */
function offsetOf(atMs: number, zone: string): number {
  return wallClockOf(atMs, zone).asUtcMs - Math.floor(atMs / 1_000) * 1_000;
}

/** "2026-11": a month as the address has it. */
export function monthName({ year, month }: Pick<Day, "year" | "month">): string {
  return `${year}-${String(month).padStart(2, "0")}`;
}

/** A month of the address; null for what is none. */
export function monthFrom(text: string | null): Pick<Day, "year" | "month"> | null {
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text ?? "") ?? [];
  return year === undefined || month === undefined ? null : { year: Number(year), month: Number(month) };
}

export function monthAfter({ year, month }: Pick<Day, "year" | "month">, by: 1 | -1): Pick<Day, "year" | "month"> {
  const at = new Date(Date.UTC(year, month - 1 + by, 1));
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1 };
}

/** The days of a month as weeks from Monday; null: of another month. */
export function weeksOf({ year, month }: Pick<Day, "year" | "month">): readonly (readonly (Day | null)[])[] {
  const before = (new Date(Date.UTC(year, month - 1, 1)).getUTCDay() + 6) % 7;
  const count = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return Array.from({ length: Math.ceil((before + count) / 7) }, (_, week) =>
    Array.from({ length: 7 }, (_, weekday) => {
      const day = week * 7 + weekday - before + 1;
      return day < 1 || day > count ? null : { year, month, day };
    }),
  );
}
