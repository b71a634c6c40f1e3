// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { expect, it } from "vitest";
import { type Lane, mergeLanes, newer, type Place, parsePlace, placeText } from "./lanes";

const places = fc.uniqueArray(fc.record({ atMs: fc.integer({ min: 0, max: 20 }), id: fc.nat(1_000) }), { selector: ({ id }) => id });

/** Looks through a lane as the database does: so many at the most, and says where it ended. */
function lookThrough(all: readonly Place[], before: Place | null, most: number): Lane<Place> {
  const due = [...all].sort((a, b) => newer(b, a)).filter((place) => before === null || newer(place, before) < 0);
  const rows = due.slice(0, most);
  return { rows, endedAt: due.length > most ? (rows.at(-1) ?? null) : null };
}

it("page after page, every entry of every lane is told once, newest first", () => {
  fc.assert(
    fc.property(places, places, fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 5 }), (one, other, limit, most) => {
      // What is in both lanes is one entry.
      const b = [...other.filter(({ id }) => !one.some((same) => same.id === id)), ...one.slice(0, 2)];
      const told: Place[] = [];
      let before: Place | null = null;
      do {
        const page: ReturnType<typeof mergeLanes<Place>> = mergeLanes(
          [lookThrough(one, before, most), lookThrough(b, before, most)],
          limit,
        );
        expect(page.rows.length).toBeLessThanOrEqual(limit);
        told.push(...page.rows);
        before = page.next;
      } while (before !== null);
      const all = new Map([...one, ...b].map((place) => [place.id, place]));
      expect(told).toEqual([...all.values()].sort((x, y) => newer(y, x)));
    }),
  );
});

it("a place is what its text says, and nothing else is a place", () => {
  expect(parsePlace(placeText({ atMs: 1_795_182_515_980, id: 4711 }))).toEqual({ atMs: 1_795_182_515_980, id: 4711 });
  for (const text of ["", "1", "1.", ".1", "-1.2", "1.2.3", "1e3.2"]) expect(parsePlace(text)).toBeNull();
});
