// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { expect, it } from "vitest";
import { coarsened, DAY_MS, HOUR_MS, hoursFrom, type Tally, tallyOf } from "./downsample";

const NOW = Date.UTC(2026, 10, 20, 14, 2, 45);
const KEEP = { hoursMs: 100 * DAY_MS, daysMs: 3_660 * DAY_MS };
const events = fc.array(
  fc.record({
    atMs: fc.integer({ min: NOW - 400 * DAY_MS, max: NOW }),
    what: fc.constantFrom("state", "gap"),
    level: fc.constantFrom("ok", "bad"),
  }),
);
const total = (tallies: readonly Tally[]) => tallies.reduce((sum, { count }) => sum + count, 0);

it("what is left adds up to what went, and each count is of its own hour or day", () => {
  fc.assert(
    fc.property(events, (gone) => {
      const tallies = tallyOf(gone, NOW, KEEP);
      expect(total(tallies)).toBe(gone.length);
      for (const { unitMs, startMs, what, level, count } of tallies) {
        expect(startMs % unitMs).toBe(0);
        const own = gone.filter((one) => one.atMs >= startMs && one.atMs < startMs + unitMs && one.what === what && one.level === level);
        expect(own).toHaveLength(count);
      }
    }),
  );
});

it("hours become the days that the same entries would have become, so it does not matter when they went", () => {
  fc.assert(
    fc.property(events, (gone) => {
      const late = NOW + 500 * DAY_MS;
      expect(sorted(coarsened(tallyOf(gone, NOW, { ...KEEP, hoursMs: 500 * DAY_MS })))).toEqual(sorted(tallyOf(gone, late, KEEP)));
    }),
  );
});

it("a day is kept by its hours or as a day, never half and half", () => {
  const from = hoursFrom(NOW, KEEP);
  expect(from % DAY_MS).toBe(0);
  const [before, after] = tallyOf(
    [
      { atMs: from - 1, what: "state", level: "ok" },
      { atMs: from, what: "state", level: "ok" },
    ],
    NOW,
    KEEP,
  );
  expect([before?.unitMs, after?.unitMs]).toEqual([DAY_MS, HOUR_MS]);
});

function sorted(tallies: readonly Tally[]): string[] {
  return tallies.map((one) => JSON.stringify([one.unitMs, one.startMs, one.what, one.level, one.count])).sort();
}
