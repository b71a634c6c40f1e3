// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import type { ServiceSpan } from "@/agent/protocol/console/history";
import { availabilityOf, leastAvailable } from "./availability";

const HOUR = 3_600_000;
const NOW = 1_700_000_000_000;
const span = (state: ServiceSpan["state"], fromHours: number, toHours: number | null, service = "g_mail"): ServiceSpan => ({
  service,
  state,
  fromMs: NOW - fromHours * HOUR,
  toMs: toHours === null ? null : NOW - toHours * HOUR,
  why: null,
});

it("planned and unplanned stops are apart, and what is not known is neither up nor down", () => {
  const [service] = availabilityOf(
    [span("up", 20, 10), span("unplanned", 10, 9), span("planned", 9, 7), span("unknown", 7, 4), span("up", 4, null)],
    NOW,
  );
  expect(service?.day).toMatchObject({
    windowMs: 24 * HOUR,
    upMs: 14 * HOUR,
    unplannedMs: HOUR,
    plannedMs: 2 * HOUR,
    // Before it was watched, and while the console knew nothing.
    unknownMs: 7 * HOUR,
    plannedStops: 1,
    unplannedStops: 1,
  });
  expect(service?.day.withoutUnplanned).toBeCloseTo(1 - 1 / 17);
  expect(service?.day.up).toBeCloseTo(14 / 17);
  expect(service?.stops.map(({ state }) => state)).toEqual(["unknown", "planned", "unplanned"]);
});

it("a stretch counts in a window only as far as it lies in it", () => {
  const [service] = availabilityOf([span("unplanned", 30, 23), span("up", 23, null)], NOW);
  expect(service?.day).toMatchObject({ unplannedMs: HOUR, upMs: 23 * HOUR, unknownMs: 0, unplannedStops: 1 });
  expect(service?.week).toMatchObject({ unplannedMs: 7 * HOUR, unknownMs: (7 * 24 - 30) * HOUR });
});

it("nothing known gives no availability, not a full one", () => {
  expect(availabilityOf([span("unknown", 5, null)], NOW)[0]?.day).toMatchObject({ withoutUnplanned: null, up: null, unknownMs: 24 * HOUR });
});

it("a service that was removed is not listed", () => {
  expect(availabilityOf([span("up", 5, 1)], NOW)).toEqual([]);
});

it("a stop that nobody saw for a while in between is one stop", () => {
  const [service] = availabilityOf(
    [span("up", 9, 8), span("unplanned", 8, 7), span("unknown", 7, 6), span("unplanned", 6, 5), span("up", 5, null)],
    NOW,
  );
  expect(service?.day).toMatchObject({ unplannedStops: 1, unplannedMs: 2 * HOUR, unknownMs: 16 * HOUR });
});

it("the least available of many are those with a stop, then those of which nothing is known", () => {
  const services = availabilityOf(
    [
      span("up", 9, null, "a"),
      span("unknown", 9, null, "b"),
      span("unplanned", 9, 8, "c"),
      span("up", 8, null, "c"),
      span("unplanned", 9, 5, "d"),
      span("up", 5, null, "d"),
    ],
    NOW,
  );
  expect(leastAvailable(services, 3).map(({ id }) => id)).toEqual(["d", "c", "b"]);
  expect(leastAvailable(services, 4)).toBe(services);
});
