// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { partsOf } from "./counts";
import { DAY_MS, HOUR_MS } from "./downsample";

const bad = { what: "state", level: "bad" } as const;
const from = Date.UTC(2026, 10, 20);
const span = { fromMs: from, toMs: from + 2 * DAY_MS };

it("parts have what was counted in them, and empty ones are left out", () => {
  const { parts } = partsOf(
    span,
    HOUR_MS,
    [
      { ...bad, part: 3, count: 2 },
      { what: "gap", level: "old", part: 3, count: 1 },
    ],
    [],
  );
  expect(parts).toEqual([
    {
      startMs: from + 3 * HOUR_MS,
      counts: [
        { ...bad, count: 2 },
        { what: "gap", level: "old", count: 1 },
      ],
    },
  ]);
});

it("what is gone is spread over its own day, where nobody knows any more when on it", () => {
  const { gone } = partsOf(span, HOUR_MS, [], [{ ...bad, startMs: from, unitMs: DAY_MS, count: 5 }]);
  expect(gone).toEqual([{ fromMs: from, toMs: from + DAY_MS, counts: [{ ...bad, count: 5 }] }]);
});

it("hours within one part stand there together", () => {
  const hours = [0, 1, 7].map((hour) => ({ ...bad, startMs: from + hour * HOUR_MS, unitMs: HOUR_MS, count: 2 }));
  const { gone } = partsOf(span, 6 * HOUR_MS, [], hours);
  expect(gone).toEqual([
    { fromMs: from, toMs: from + 6 * HOUR_MS, counts: [{ ...bad, count: 4 }] },
    { fromMs: from + 6 * HOUR_MS, toMs: from + 12 * HOUR_MS, counts: [{ ...bad, count: 2 }] },
  ]);
});

it("a day that reaches into the span is shown as far as it does", () => {
  const { gone } = partsOf(span, HOUR_MS, [], [{ ...bad, startMs: from - HOUR_MS, unitMs: DAY_MS, count: 1 }]);
  expect(gone).toMatchObject([{ fromMs: from, toMs: from + DAY_MS - HOUR_MS }]);
});
