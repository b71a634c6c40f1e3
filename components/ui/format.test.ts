// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import {
  formatBitRate,
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatPace,
  formatPercent,
  formatRate,
  formatSeconds,
  formatWhen,
  unbroken,
} from "./format";

/** Tests read better with plain blanks; the product's are no-break ones. */
const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe("formatBytes", () => {
  test.each([
    [0, "0 B"],
    [1_000, "1000 B"],
    [4_096, "4 KiB"],
    [12 * 1024, "12 KiB"],
    [86 * 2 ** 30, "86 GiB"],
    [9.4 * 2 ** 30, "9.4 GiB"],
    [2 * 2 ** 40, "2.0 TiB"],
    [1.5 * 2 ** 40, "1.5 TiB"],
    [1023.9 * 2 ** 30, "1.0 TiB"],
  ])("%d is %s", (bytes, said) => expect(plain(formatBytes(bytes))).toBe(said));

  test("a number never parts from its unit", () => expect(formatBytes(4_096)).toBe("4\u00a0KiB"));
});

test("a rate is bytes each second", () => expect(plain(formatRate(104 * 2 ** 20))).toBe("104 MiB/s"));

test("network speed counts in powers of ten", () => {
  expect(plain(formatBitRate(1e9))).toBe("1 Gbit/s");
  expect(plain(formatBitRate(2.5e9))).toBe("2.5 Gbit/s");
  expect(plain(formatBitRate(1e8))).toBe("100 Mbit/s");
});

test("what is not complete is never printed as 100 %", () => {
  expect(plain(formatPercent(99.99))).toBe("99.9 %");
  expect(plain(formatPercent(99.99, 0))).toBe("99 %");
  expect(plain(formatPercent(61.4))).toBe("61.4 %");
  expect(plain(formatPercent(100))).toBe("100.0 %");
});

describe("formatDuration", () => {
  test.each([
    [-5, "0.0 s"],
    [300, "0.3 s"],
    [9_949, "9.9 s"],
    [9_960, "10 s"],
    [59_600, "1 min 00 s"],
    [283_000, "4 min 43 s"],
    [846_000, "14 min 06 s"],
    [8_520_000, "2 h 22 min"],
    [3_564_000_000, "41 d 6 h"],
    [86_400_000, "1 d"],
    [26_956_800_000, "312 d"],
  ])("%d ms is %s", (ms, said) => expect(plain(formatDuration(ms))).toBe(said));
});

test("seconds that are counted have no tenths", () => {
  expect(plain(formatSeconds(6_900))).toBe("6 s");
  expect(plain(formatSeconds(61_000))).toBe("1 min 01 s");
});

describe("clock", () => {
  const at = Date.UTC(2026, 10, 20, 13, 58, 2);

  test("reads as the wall clock of the console's zone", () => {
    expect(formatClock(at, "UTC")).toBe("13:58:02");
    expect(formatClock(at, "Europe/Berlin")).toBe("14:58:02");
  });

  test("midnight is 00, not 24", () => expect(formatClock(Date.UTC(2026, 0, 1), "UTC")).toBe("00:00:00"));

  test("another day says its date, another year its year", () => {
    expect(formatWhen(at, at + 60_000, "UTC")).toBe("13:58:02");
    expect(formatWhen(at - 86_400_000, at, "UTC")).toBe("19 Nov 13:58");
    expect(formatWhen(Date.UTC(2025, 10, 20, 13, 58, 2), at, "UTC")).toBe("20 Nov 2025 13:58");
  });

  test("the day turns at the zone's midnight", () => {
    const late = Date.UTC(2026, 10, 20, 23, 30);
    expect(formatWhen(late, late + 3_600_000, "UTC")).toBe("20 Nov 23:30");
    expect(formatWhen(late, late + 3_600_000, "Europe/Berlin")).toBe("00:30:00");
  });
});

test("one and many", () => {
  expect(plain(formatCount(1, "fail"))).toBe("1 fail");
  expect(plain(formatCount(7, "fail"))).toBe("7 fails");
  expect(plain(formatCount(2, "copy", "copies"))).toBe("2 copies");
});

test.each([
  ["crystal is 63 % synced, 13 min 31 s left.", "crystal is 63_% synced, 13_min_31_s left."],
  ["It did not answer within 5 s.", "It did not answer within 5_s."],
  ["differs in 12 KiB, at 104 MiB/s", "differs in 12_KiB, at 104_MiB/s"],
  ["up 41 d 6 h, on 16 cores", "up 41_d_6_h, on 16 cores"],
  ["3 of 4 ports, 2 d-links, 5 services", "3 of 4 ports, 2 d-links, 5 services"],
])("a number and its unit stay together: %s", (sentence, shown) => {
  expect(unbroken(sentence)?.replaceAll("\u00a0", "_")).toBe(shown);
  expect(unbroken(null)).toBeNull();
});

test.each([
  [2_000, "2 s"],
  [60_000, "1 min"],
  [90_000, "1 min 30 s"],
])("a pace of %i ms is %s", (everyMs, said) => {
  expect(plain(formatPace(everyMs))).toBe(said);
});
