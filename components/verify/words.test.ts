// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { NOW_MS } from "@/components/factories";
import { cronOf, openingOf, sayOpening } from "./cron";
import { dayOf, monthAfter, monthFrom, monthName, startOf, weeksOf } from "./days";
import { differing, overviewMirror, runningVerify, verifySummary } from "./factories";
import { fits, NO_FILTER, readFilter, sayProof, stateOf, writeFilter } from "./verify-filter";
import { sayAge, sayBy, sayResult } from "./words";

const plain = (text: string) => text.replaceAll("\u00a0", " ");
const DAY_MS = 86_400_000;

describe("a run in words", () => {
  test.each([
    [verifySummary(), "clean"],
    [differing(), "differs in 12 KiB"],
    [differing({ differsBytes: null }), "differs"],
    [verifySummary({ result: "aborted", percent: 41.9 }), "aborted at 41 %"],
    [verifySummary({ result: "aborted", percent: null }), "aborted"],
    [verifySummary({ result: "unknown" }), "not known"],
    [runningVerify(), "running"],
  ])("%#", (run, says) => expect(plain(sayResult(run))).toBe(says));

  test("who asked is never invented", () => {
    expect(sayBy({ cause: "schedule", by: "anna" })).toBe("schedule of anna");
    expect(sayBy({ cause: "node", by: null })).toBe("on the node, past the console");
  });

  test.each([
    [69.9 * DAY_MS, "69 d"],
    [5.5 * 3_600_000, "5 h"],
    [840_000, "14 min"],
    [12_000, "12 s"],
    [-3, "0 s"],
  ])("an age of %d ms", (ms, says) => expect(plain(sayAge(ms))).toBe(says));
});

describe("the headline", () => {
  const clean = overviewMirror("store");
  const never = overviewMirror("spool", { last: null });
  const late = overviewMirror("vm", { last: verifySummary({ endedAtMs: NOW_MS - 34 * DAY_MS }) });
  const other = overviewMirror("mail", { last: differing(), cleanAtMs: NOW_MS - 69 * DAY_MS });
  test("counts what is not proven, each mirror once, the gravest first", () => {
    expect(sayProof([other, late, never, clean], 30, NOW_MS)).toBe("1 mirror differs, 1 is overdue, 1 was never verified");
    expect(sayProof([late, late], 30, NOW_MS)).toBe("2 mirrors are overdue");
    expect(sayProof([clean, clean], 30, NOW_MS)).toBe("Every mirror was clean within 30 days");
    expect(sayProof([], 30, NOW_MS)).toBe("No mirror to verify");
  });
  test("an aborted run is no proof", () => {
    const aborted = overviewMirror("mail", { last: verifySummary({ result: "aborted", percent: 99 }) });
    expect(stateOf(aborted, 30, NOW_MS)).toBe("unproven");
    expect(sayProof([aborted], 30, NOW_MS)).toBe("1 mirror was never verified to its end");
  });
  test("a filter is the same after the address, and narrows by cluster, state and words", () => {
    const filter = { cluster: "san-a", state: "overdue", text: "vm" };
    expect(readFilter(new URLSearchParams(writeFilter(filter)))).toEqual(filter);
    expect([other, late, never, clean].filter((one) => fits(one, filter, 30, NOW_MS))).toEqual([late]);
    expect(fits(clean, { ...NO_FILTER, cluster: "attic" }, 30, NOW_MS)).toBe(false);
    expect(fits(overviewMirror("a", { running: runningVerify() }), { ...NO_FILTER, state: "running" }, 30, NOW_MS)).toBe(true);
  });
});

describe("cron as the form has it", () => {
  test.each([
    ["0 2 * * 0", "Sundays 02:00"],
    ["0 2 * * 7", "Sundays 02:00"],
    ["30 22 * * 1,3", "Mondays, Wednesdays 22:30"],
    ["5 2 * * *", "daily 02:05"],
    ["0 3 1 * *", "on day 1 of the month 03:00"],
    ["0 2 1-7 * 0", "0 2 1-7 * 0"],
    ["*/5 * * * *", "*/5 * * * *"],
  ])("%s", (cron, says) => expect(sayOpening(cron)).toBe(says));

  test.each(["0 2 * * 0", "30 22 * * 1,3", "5 2 * * *", "0 3 1 * *", "0 2 1-7 * 0"])("%s is itself again", (cron) =>
    expect(cronOf(openingOf(cron))).toBe(cron),
  );

  test("what is not complete is no cron", () => {
    expect(cronOf({ every: "week", days: [], time: "02:00" })).toBe("");
    expect(cronOf({ every: "week", days: [0], time: "" })).toBe("");
  });
});

describe("days of a calendar", () => {
  test("begin at the zone's midnight, also on a day of 23 or 25 hours", () => {
    const hours = (day: number, month: number) =>
      (startOf({ year: 2026, month, day: day + 1 }, "Europe/Berlin") - startOf({ year: 2026, month, day }, "Europe/Berlin")) / 3_600_000;
    expect(hours(29, 3)).toBe(23);
    expect(hours(25, 10)).toBe(25);
    expect(hours(20, 11)).toBe(24);
    expect(dayOf(startOf({ year: 2026, month: 11, day: 20 }, "Asia/Kolkata"), "Asia/Kolkata")).toEqual({ year: 2026, month: 11, day: 20 });
  });
  test("a day whose midnight is leapt over begins after it", () => {
    const startMs = startOf({ year: 2026, month: 3, day: 29 }, "Asia/Beirut");
    expect(dayOf(startMs, "Asia/Beirut").day).toBe(29);
    expect(dayOf(startMs - 1, "Asia/Beirut").day).toBe(28);
  });
  test("fill weeks from Monday", () => {
    const weeks = weeksOf({ year: 2026, month: 11 });
    expect(weeks[0]?.map((day) => day?.day ?? null)).toEqual([null, null, null, null, null, null, 1]);
    expect(weeks.flat().filter(Boolean)).toHaveLength(30);
  });
  test("a month is the same after the address", () => {
    expect(monthFrom(monthName({ year: 2026, month: 3 }))).toEqual({ year: 2026, month: 3 });
    expect(monthFrom("2026-13")).toBeNull();
    expect(monthAfter({ year: 2026, month: 12 }, 1)).toEqual({ year: 2027, month: 1 });
  });
});
