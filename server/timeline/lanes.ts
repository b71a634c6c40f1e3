// SPDX-License-Identifier: Apache-2.0

/** A place in a timeline: entries are in the order of their times, those of one time in the order they were written. */
export interface Place {
  atMs: number;
  id: number;
}

/** What was found when an index was looked through from its newest end. `endedAt` null: to its oldest. */
export interface Lane<E extends Place> {
  rows: readonly E[];
  endedAt: Place | null;
}

/** Above zero where `a` is the newer place. */
export function newer(a: Place, b: Place): number {
  return a.atMs - b.atMs || a.id - b.id;
}

/**
 * One page out of several lanes, newest first. What lies beyond the place where one lane ended is not told: that lane may have
 * something newer. `next` is where the next page begins; null when every lane was looked through and all of it is here.
 */
export function mergeLanes<E extends Place>(lanes: readonly Lane<E>[], limit: number): { rows: E[]; next: Place | null } {
  const ends = lanes.flatMap(({ endedAt }) => (endedAt ? [endedAt] : []));
  const horizon = ends.reduce<Place | null>((last, end) => (last === null || newer(end, last) > 0 ? end : last), null);
  const known = new Map(lanes.flatMap(({ rows }) => rows.map((row) => [row.id, row] as const)));
  const told = [...known.values()].filter((row) => horizon === null || newer(row, horizon) >= 0).sort((a, b) => newer(b, a));
  if (told.length <= limit) return { rows: told, next: horizon };
  const rows = told.slice(0, limit);
  const last = rows.at(-1);
  return { rows, next: last ? { atMs: last.atMs, id: last.id } : horizon };
}

/** A place as an address has it: "1795182515980.4711". */
export function placeText({ atMs, id }: Place): string {
  return `${atMs}.${id}`;
}

export function parsePlace(text: string): Place | null {
  const found = /^(\d{1,15})\.(\d{1,15})$/.exec(text);
  return found ? { atMs: Number(found[1]), id: Number(found[2]) } : null;
}
