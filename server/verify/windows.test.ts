// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { nextWindow, openingsBetween, type Times, timesMisfit, windowsFrom } from "./windows";

const BERLIN = "Europe/Berlin";
const SYDNEY = "Australia/Sydney";
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const at = (text: string) => Date.parse(text);
const times = (cron: string, windowMinutes: number, zone = BERLIN): Times => ({ cron, zone, windowMinutes });
/** The next opening and closing as a person in the zone reads them, and how long that really is. */
function read(one: Times, after: string) {
  const found = nextWindow(one, at(after));
  if (!found) return null;
  const wall = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(one.zone);
  const text = (ms: number) => wall(ms).toString({ timeZoneName: "never", smallestUnit: "minute" });
  return [text(found.opensAtMs), text(found.closesAtMs), (found.closesAtMs - found.opensAtMs) / 60_000];
}

describe("a window on an ordinary day", () => {
  it("opens at the time of the zone, in summer and in winter", () => {
    expect(read(times("0 2 * * SUN", 240), "2026-07-01T00:00Z")).toEqual(["2026-07-05T02:00+02:00", "2026-07-05T06:00+02:00", 240]);
    expect(read(times("0 2 * * SUN", 240), "2026-12-01T00:00Z")).toEqual(["2026-12-06T02:00+01:00", "2026-12-06T06:00+01:00", 240]);
  });

  it("that opens at this very moment is open, and the next one is a week later", () => {
    const weekly = times("0 2 * * SUN", 240);
    const opensAtMs = at("2026-12-06T01:00Z");
    expect(windowsFrom(weekly, opensAtMs).next().value).toEqual({ opensAtMs, closesAtMs: opensAtMs + 4 * HOUR_MS });
    expect(nextWindow(weekly, opensAtMs)?.opensAtMs).toBe(opensAtMs + 7 * DAY_MS);
  });

  it("that closes at this very moment is over", () => {
    const weekly = times("0 2 * * SUN", 240);
    expect(windowsFrom(weekly, at("2026-12-06T05:00Z")).next().value?.opensAtMs).toBe(at("2026-12-13T01:00Z"));
  });
});

describe("the night that skips an hour", () => {
  // Berlin: 29 March 2026, 02:00 is 03:00. Sydney: 4 October 2026, 02:00 is 03:00.
  it.each([
    [BERLIN, "2026-03-28T12:00Z", "2026-03-29", "+02:00"],
    [SYDNEY, "2026-10-03T02:00Z", "2026-10-04", "+11:00"],
  ])("in %s: from 02:00 to 06:00 are three hours, from 03:00 on", (zone, after, day, offset) => {
    expect(read(times("0 2 * * *", 240, zone), after)).toEqual([`${day}T03:00${offset}`, `${day}T06:00${offset}`, 180]);
  });

  it.each([
    [BERLIN, "2026-03-28T12:00Z", "2026-03-29", "+02:00"],
    [SYDNEY, "2026-10-03T02:00Z", "2026-10-04", "+11:00"],
  ])("in %s: 02:30 is never shown, so it opens as the hour is skipped", (zone, after, day, offset) => {
    expect(read(times("30 2 * * *", 210, zone), after)).toEqual([`${day}T03:00${offset}`, `${day}T06:00${offset}`, 180]);
  });

  it("one that lies wholly in the skipped hour is moved with its whole length", () => {
    expect(read(times("15 2 * * *", 30), "2026-03-28T12:00Z")).toEqual(["2026-03-29T03:00+02:00", "2026-03-29T03:30+02:00", 30]);
    expect(read(times("0 2 * * *", 60), "2026-03-28T12:00Z")).toEqual(["2026-03-29T03:00+02:00", "2026-03-29T04:00+02:00", 60]);
  });

  it("one that lasts over the change is an hour shorter, and one that would end in the skipped hour ends as it is skipped", () => {
    expect(read(times("0 22 28 3 *", 480), "2026-03-28T12:00Z")).toEqual(["2026-03-28T22:00+01:00", "2026-03-29T06:00+02:00", 420]);
    expect(read(times("0 1 29 3 *", 90), "2026-03-28T12:00Z")).toEqual(["2026-03-29T01:00+01:00", "2026-03-29T03:00+02:00", 60]);
  });

  it("openings that the skipped hour pushes together are one", () => {
    const half = times("0,30 * * * *", 30);
    const found = openingsBetween(half, at("2026-03-29T00:29Z"), at("2026-03-29T02:00Z"), 99).map(({ opensAtMs }) => opensAtMs);
    expect(found).toEqual([at("2026-03-29T00:30Z"), at("2026-03-29T01:00Z"), at("2026-03-29T01:30Z"), at("2026-03-29T02:00Z")]);
  });
});

describe("the night that has an hour twice", () => {
  // Berlin: 25 October 2026, 03:00 is 02:00 again. Sydney: 5 April 2026, 03:00 is 02:00 again.
  it.each([
    [BERLIN, "2026-10-24T12:00Z", "2026-10-25", "+02:00", "+01:00"],
    [SYDNEY, "2026-04-04T02:00Z", "2026-04-05", "+11:00", "+10:00"],
  ])("in %s: 02:30 opens once, at the first, and 06:00 is as many hours later as really pass", (zone, after, day, first, second) => {
    const nightly = times("30 2 * * *", 210, zone);
    expect(read(nightly, after)).toEqual([`${day}T02:30${first}`, `${day}T06:00${second}`, 270]);
    const opensAtMs = nextWindow(nightly, at(after))?.opensAtMs ?? 0;
    expect(nextWindow(nightly, opensAtMs)?.opensAtMs).toBe(opensAtMs + 25 * HOUR_MS);
  });

  it("one that lasts over the change is an hour longer", () => {
    expect(read(times("0 2 * * *", 240), "2026-10-24T12:00Z")).toEqual(["2026-10-25T02:00+02:00", "2026-10-25T06:00+01:00", 300]);
    expect(read(times("0 22 24 10 *", 480), "2026-10-24T12:00Z")).toEqual(["2026-10-24T22:00+02:00", "2026-10-25T06:00+01:00", 540]);
  });

  it("one that ends in the hour that comes twice ends at the first", () => {
    expect(read(times("15 2 * * *", 15), "2026-10-24T12:00Z")).toEqual(["2026-10-25T02:15+02:00", "2026-10-25T02:30+02:00", 15]);
  });
});

describe("a day that a zone left out", () => {
  it("Samoa had no 30 December 2011: what would open on it opens as it is skipped", () => {
    const found = read(times("0 2 30 12 *", 240, "Pacific/Apia"), "2011-12-20T00:00Z");
    expect(found).toEqual(["2011-12-31T00:00+14:00", "2011-12-31T04:00+14:00", 240]);
  });
});

const ZONES = [BERLIN, SYDNEY, "America/Santiago", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns", "UTC", "Pacific/Apia"];
const anyTimes = fc
  .record({ minute: fc.integer({ min: 0, max: 59 }), hour: fc.integer({ min: 0, max: 23 }), length: fc.integer({ min: 5, max: 1_440 }) })
  .chain(({ minute, hour, length }) => fc.constantFrom(...ZONES).map((zone) => times(`${minute} ${hour} * * *`, length, zone)));
const anyMoment = fc.integer({ min: at("2008-01-01T00:00Z"), max: at("2037-12-31T00:00Z") });

describe("windows of any time, length and zone", () => {
  it("open before they close, follow each other without overlap, and are at most a change longer or shorter than on the clock", () => {
    fc.assert(
      fc.property(anyTimes, anyMoment, (one, nowMs) => {
        let before = Number.NEGATIVE_INFINITY;
        let count = 0;
        for (const { opensAtMs, closesAtMs } of windowsFrom(one, nowMs)) {
          expect(closesAtMs).toBeGreaterThan(Math.max(opensAtMs, nowMs));
          expect(opensAtMs).toBeGreaterThanOrEqual(before);
          const longer = closesAtMs - opensAtMs - one.windowMinutes * 60_000;
          expect(Math.abs(longer)).toBeLessThanOrEqual(DAY_MS);
          before = closesAtMs;
          count += 1;
          if (count === 3) break;
        }
        expect(count).toBe(3);
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it("the next one is the same from every moment before it, and opens within two days", () => {
    fc.assert(
      fc.property(anyTimes, anyMoment, fc.double({ min: 0, max: 1, noNaN: true }), (one, nowMs, part) => {
        const next = nextWindow(one, nowMs);
        expect(next).not.toBeNull();
        const opensAtMs = next?.opensAtMs ?? 0;
        expect(opensAtMs - nowMs).toBeLessThanOrEqual(3 * DAY_MS);
        const between = Math.floor(nowMs + (opensAtMs - nowMs - 1) * part);
        expect(nextWindow(one, between)).toEqual(next);
      }),
      { numRuns: 300, seed: 6 },
    );
  });

  it("every opening between two moments is found once, however the time between is cut", () => {
    fc.assert(
      fc.property(anyTimes, anyMoment, fc.integer({ min: 1, max: 9 * DAY_MS }), (one, fromMs, cutMs) => {
        const untilMs = fromMs + 9 * DAY_MS;
        const whole = openingsBetween(one, fromMs, untilMs, 99);
        const cut = [...openingsBetween(one, fromMs, fromMs + cutMs, 99), ...openingsBetween(one, fromMs + cutMs, untilMs, 99)];
        expect(cut).toEqual(whole);
        expect(whole.length).toBeGreaterThanOrEqual(7);
      }),
      { numRuns: 200, seed: 7 },
    );
  });
});

describe("times that do not fit are refused with a sentence", () => {
  const now = at("2026-11-01T00:00Z");
  it.each([
    ["six fields", times("0 0 2 * * SUN", 60), "five fields"],
    ["a word", times("weekly", 60), "five fields"],
    ["a nickname", times("@weekly", 60), "five fields"],
    ["minute 61", times("61 2 * * *", 60), "five fields"],
    ["a day that never comes", times("0 2 30 2 *", 60), "never comes"],
    ["a zone of nowhere", times("0 2 * * *", 60, "Mars/Base"), "no time zone Mars/Base"],
    ["an offset for a zone", times("0 2 * * *", 60, "+02:00"), "no time zone +02:00"],
    ["a window longer than its period", times("0 2 * * *", 1_441), "longer than the time to its next opening (1440 min)"],
    ["a window longer than the shorter of two periods", times("0 2,4 * * *", 180), "(120 min)"],
  ])("%s", (_, one, says) => {
    expect(timesMisfit(one, now)).toContain(says);
  });

  it.each([
    times("0 2 * * SUN", 240),
    times("0 2 * * *", 1_440),
    times("30 1 1 * *", 10_080),
    times("0 2 * * SUN#1", 60),
    times("0 2 29 2 *", 60),
  ])("%o fits", (one) => {
    expect(timesMisfit(one, now)).toBeNull();
  });
});
