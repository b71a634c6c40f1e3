// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { TimelineEntry } from "@/agent/protocol/console/timeline";
import { barsOf, rowOf, totalsOf } from "./rows";
import { askedFor, fits, readShown, together, writeShown } from "./shown";
import { around, between, byKey, moved, ticksOf, zoomed } from "./window";

const NOW = Date.UTC(2026, 10, 20, 14, 2, 45);
const HOUR = 3_600_000;
const entry = (id: number, atMs: number, part: Partial<TimelineEntry> = {}): TimelineEntry => ({
  ...{ id, atMs, what: "state", level: "ok", node: "ruby", source: "drbd", subject: "store", text: "store in sync" },
  ...{ why: null, by: "kernel, ruby", ref: null, withdrawn: null, ...part },
});

describe("the span that is shown", () => {
  it("keeps the moment under the pointer where it is, closer and wider", () => {
    const shown = { spanMs: HOUR, toMs: NOW - HOUR };
    const closer = zoomed(shown, 0.5, 0.25, NOW);
    expect(closer.spanMs).toBe(HOUR / 2);
    expect((closer.toMs ?? 0) - closer.spanMs * 0.75).toBe(NOW - HOUR - HOUR * 0.75);
  });

  it("goes from seconds to years, and not beyond", () => {
    let shown: Parameters<typeof zoomed>[0] = { spanMs: HOUR, toMs: NOW - HOUR };
    for (let step = 0; step < 60; step += 1) shown = zoomed(shown, 0.5, 0.5, NOW);
    expect(shown.spanMs).toBe(10_000);
    for (let step = 0; step < 60; step += 1) shown = zoomed(shown, 2, 0.5, NOW);
    expect(shown.spanMs).toBe(3_660 * 24 * HOUR);
  });

  it("ends now where it would reach beyond, and then moves on", () => {
    expect(moved({ spanMs: HOUR, toMs: NOW - 10 }, 1, NOW)).toEqual({ spanMs: HOUR, toMs: null });
    expect(zoomed({ spanMs: HOUR, toMs: null }, 2, 1, NOW)).toEqual({ spanMs: 2 * HOUR, toMs: null });
    expect(between({ spanMs: HOUR, toMs: null }, 0.75, 0.5, NOW)).toEqual({ spanMs: HOUR / 4, toMs: NOW - HOUR / 4 });
    expect(around(NOW - HOUR, 600_000, NOW)).toEqual({ spanMs: 600_000, toMs: NOW - HOUR + 120_000 });
  });

  it("is moved by keys alone", () => {
    const shown = { spanMs: HOUR, toMs: NOW - 2 * HOUR };
    expect(byKey("ArrowLeft", shown, NOW)?.toMs).toBe(NOW - 2.25 * HOUR);
    expect(byKey("+", shown, NOW)?.spanMs).toBe(HOUR / 2);
    expect(byKey("-", shown, NOW)?.spanMs).toBe(2 * HOUR);
    expect(byKey("End", shown, NOW)?.toMs).toBeNull();
    expect(byKey("x", shown, NOW)).toBeNull();
  });

  it("has its ticks on whole hours and days of the zone, also in the night that has an hour twice", () => {
    const from = Date.UTC(2026, 9, 24, 12);
    const { ticks } = ticksOf(from, from + 48 * HOUR, "Europe/Berlin", 8);
    const hours = ticks.map((atMs) => new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Berlin", hour: "2-digit" }).format(atMs));
    expect(hours).toEqual(["18", "00", "06", "12", "18", "00", "06", "12"]);
  });
});

describe("the address of a timeline", () => {
  it("says all that is shown, and nothing else", () => {
    const shown = readShown(new URLSearchParams("span=3600000&to=1795000000000&what=gap,note&level=risk&node=ruby&text=sync&mark=5"), NOW);
    expect(readShown(new URLSearchParams(writeShown(shown)), NOW)).toEqual(shown);
    expect(shown.what).toEqual(["gap", "note"]);
    expect(askedFor(shown, { before: null })).toBe("what=gap%2Cnote&level=risk%2Cdiffers&node=ruby&text=sync");
  });

  it("of a finding shows what was before it", () => {
    const { window, markMs } = readShown(new URLSearchParams(`mark=${NOW - HOUR}&finding=f`), NOW);
    expect(markMs).toBe(NOW - HOUR);
    expect(window).toEqual({ spanMs: HOUR / 2, toMs: NOW - HOUR + 360_000 });
  });

  it("that makes no sense shows the last day", () => {
    const { window, what, levels } = readShown(new URLSearchParams("span=x&to=-1&what=nonsense&level=nonsense"), NOW);
    expect({ window, what, levels }).toEqual({ window: { spanMs: 24 * HOUR, toMs: null }, what: [], levels: "" });
  });
});

describe("entries that are pushed", () => {
  const all = readShown(new URLSearchParams(), NOW);
  it("stand among those that were asked for, each once, as far back as those go", () => {
    const asked = [entry(3, NOW - 3_000), entry(2, NOW - 5_000)];
    const pushed = [entry(4, NOW - 1_000), entry(3, NOW - 3_000), entry(5, NOW - 4_000), entry(1, NOW - 9_000)];
    const span = { fromMs: NOW - HOUR, toMs: null };
    expect(together(asked, false, pushed, span).entries.map(({ id }) => id)).toEqual([4, 3, 5, 2]);
    expect(together(asked, true, pushed, span)).toMatchObject({
      fresh: 3,
      entries: [{ id: 4 }, { id: 3 }, { id: 5 }, { id: 2 }, { id: 1 }],
    });
    expect(together(asked, true, pushed, { fromMs: NOW - 4_500, toMs: NOW - 2_000 }).entries.map(({ id }) => id)).toEqual([3, 5]);
  });

  it("are narrowed as those that were asked for", () => {
    expect(fits({ ...all, resource: "store" }, entry(1, 1, { subject: "store/1" }))).toBe(true);
    expect(fits({ ...all, resource: "store" }, entry(1, 1, { subject: "stores" }))).toBe(false);
    expect(fits({ ...all, node: "ruby" }, entry(1, 1, { node: null, subject: "ruby" }))).toBe(true);
    expect(fits({ ...all, levels: "risk" }, entry(1, 1, { level: "differs" }))).toBe(true);
    expect(fits({ ...all, what: ["note"] }, entry(1, 1))).toBe(false);
    expect(fits({ ...all, text: "LOOSE" }, entry(1, 1, { why: "The port was loose." }))).toBe(true);
  });
});

describe("the strip", () => {
  it("counts what people did apart, whatever came of it, and what is gone with the rest", () => {
    expect(rowOf({ what: "command", level: "bad" })).toBe("people");
    expect(rowOf({ what: "finding", level: "differs" })).toBe("risk");
    const bars = barsOf({
      ...{ atMs: NOW, fromMs: 0, toMs: 30, partMs: 10, oldestMs: 20, goneUntilMs: 20, goneLeftOut: null },
      parts: [
        {
          startMs: 20,
          counts: [
            { what: "state", level: "bad", count: 2 },
            { what: "note", level: "absent", count: 1 },
          ],
        },
      ],
      gone: [{ fromMs: 0, toMs: 20, counts: [{ what: "state", level: "bad", count: 7 }] }],
    });
    expect([...totalsOf(bars)]).toEqual([
      ["bad", 9],
      ["people", 1],
    ]);
    expect([...totalsOf(bars, 5)]).toEqual([["bad", 7]]);
  });
});
