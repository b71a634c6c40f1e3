// SPDX-License-Identifier: Apache-2.0

export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** So many entries of one kind and level began in one hour or day of UTC. */
export interface Tally {
  unitMs: number;
  startMs: number;
  what: string;
  level: string;
  count: number;
}

/** How long counts are kept. Units: ms. */
export interface TallyLimits {
  /** Counts by the hour; older ones are by the day. */
  hoursMs: number;
  daysMs: number;
}

/**
 * What is left of entries that go: how many there were in each hour, or, where that is longer ago than hours are kept, on each
 * day. Nothing is estimated: the counts of what went add up to what went.
 */
export function tallyOf(gone: readonly { atMs: number; what: string; level: string }[], nowMs: number, keep: TallyLimits): Tally[] {
  return merged(gone.map(({ atMs, what, level }) => ({ ...unitOf(atMs, nowMs, keep), what, level, count: 1 })));
}

/** Counts by the hour that are to be counts by the day from now on. */
export function coarsened(hours: readonly Tally[]): Tally[] {
  return merged(hours.map((one) => ({ ...one, unitMs: DAY_MS, startMs: startOf(one.startMs, DAY_MS) })));
}

/** The first moment whose counts are kept by the hour: a day's counts are never by both. */
export function hoursFrom(nowMs: number, { hoursMs }: TallyLimits): number {
  return startOf(nowMs - hoursMs, DAY_MS);
}

function unitOf(atMs: number, nowMs: number, keep: TallyLimits): { unitMs: number; startMs: number } {
  const unitMs = atMs >= hoursFrom(nowMs, keep) ? HOUR_MS : DAY_MS;
  return { unitMs, startMs: startOf(atMs, unitMs) };
}

function startOf(atMs: number, unitMs: number): number {
  return Math.floor(atMs / unitMs) * unitMs;
}

function merged(tallies: readonly Tally[]): Tally[] {
  const found = new Map<string, Tally>();
  for (const one of tallies) {
    const key = [one.unitMs, one.startMs, one.what, one.level].join(" ");
    const known = found.get(key);
    found.set(key, known ? { ...known, count: known.count + one.count } : one);
  }
  return [...found.values()];
}
