// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Opening } from "@/server/db/verify-queue";
import { clockWords, dueOf, openingSays, windowWords } from "./due";

const at = (text: string) => Date.parse(text);
const WEEKLY = { cron: "0 2 * * SUN", zone: "Europe/Berlin", windowMinutes: 240 };
const FIRST = { opensAtMs: at("2026-12-06T01:00Z"), closesAtMs: at("2026-12-06T05:00Z") };
const SECOND = { opensAtMs: at("2026-12-13T01:00Z"), closesAtMs: at("2026-12-13T05:00Z") };

describe("what is due of a schedule", () => {
  it("is nothing before it opens", () => {
    expect(dueOf(WEEKLY, at("2026-12-01T00:00Z"), FIRST.opensAtMs - 1)).toEqual({ open: null, missed: null });
  });

  it("is the window that opened, from its first moment to its last", () => {
    expect(dueOf(WEEKLY, at("2026-12-01T00:00Z"), FIRST.opensAtMs)).toEqual({ open: FIRST, missed: null });
    expect(dueOf(WEEKLY, at("2026-12-01T00:00Z"), FIRST.closesAtMs - 1)).toEqual({ open: FIRST, missed: null });
  });

  it("is nothing more once that opening is dealt with", () => {
    expect(dueOf(WEEKLY, FIRST.opensAtMs, FIRST.opensAtMs + 60_000)).toEqual({ open: null, missed: null });
  });

  it("was missed when it closed before anybody looked", () => {
    expect(dueOf(WEEKLY, at("2026-12-01T00:00Z"), FIRST.closesAtMs)).toEqual({ open: null, missed: { last: FIRST, count: 1 } });
  });

  it("is both after a longer absence: those that were missed, and the one that is open", () => {
    const nowMs = at("2026-12-20T02:00Z");
    const third = { opensAtMs: at("2026-12-20T01:00Z"), closesAtMs: at("2026-12-20T05:00Z") };
    expect(dueOf(WEEKLY, at("2026-12-01T00:00Z"), nowMs)).toEqual({ open: third, missed: { last: SECOND, count: 2 } });
  });
});

describe("in words", () => {
  it("a window is said in the time of its zone, with the day of its end where that is another", () => {
    expect(windowWords(FIRST, "Europe/Berlin")).toBe("Sun 6 Dec, 02:00 to 06:00 Europe/Berlin");
    expect(windowWords(FIRST, "America/New_York")).toBe("Sat 5 Dec, 20:00 to Sun 6 Dec, 00:00 America/New_York");
    expect(clockWords(FIRST.closesAtMs, "Europe/Berlin")).toBe("06:00 Europe/Berlin");
  });

  const opening = (part: Partial<Opening>): Opening => ({ ...FIRST, missed: 0, isMissed: false, told: [], ...part });

  it("an opening that was missed says when it was, and how many before it were missed", () => {
    expect(openingSays(opening({ isMissed: true, missed: 2 }), "Europe/Berlin")).toBe(
      "Missed: the console did not run while it was open (Sun 6 Dec, 02:00 to 06:00 Europe/Berlin). 2 openings before it were missed as well.",
    );
  });

  it("one that was seen says what became of each mirror, with the reasons", () => {
    const told: Opening["told"] = [
      { mirror: "store", word: "clean", why: null },
      { mirror: "mail", word: "clean", why: null },
      { mirror: "home", word: "skipped", why: "home is not connected." },
    ];
    expect(openingSays(opening({ told }), "Europe/Berlin")).toBe("Of 3 mirrors: 2 clean and 1 not started. home: home is not connected.");
  });

  it("one that found no mirror says so", () => {
    expect(openingSays(opening({}), "Europe/Berlin")).toBe("No mirror was there to be verified.");
  });
});
