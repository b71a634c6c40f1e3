// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { asSentence, counted, formatBytes, formatDuration, formatPercent, joinWords } from "./words";

describe("numbers in words", () => {
  it.each([
    [0, "0 s"],
    [400, "0.4 s"],
    [9_000, "9 s"],
    [59_700, "1 min"],
    [699_000, "11 min 39 s"],
    [846_000, "14 min 06 s"],
    [8_520_000, "2 h 22 min"],
    [3_600_000, "1 h"],
    [400_000_000, "4 d"],
  ])("%i ms", (ms, words) => {
    expect(formatDuration(ms)).toBe(words);
  });

  it.each([
    [0, "0 bytes"],
    [12_288, "12 KiB"],
    [1_536, "2 KiB"],
    [81.9 * 2 ** 30, "82 GiB"],
    [1.5 * 2 ** 40, "1.5 TiB"],
    [86 * 2 ** 30, "86 GiB"],
    [2 ** 41, "2 TiB"],
  ])("%i bytes", (bytes, words) => {
    expect(formatBytes(bytes)).toBe(words);
  });

  it("a percentage is 100 only when it is", () => {
    expect([formatPercent(99.99), formatPercent(100), formatPercent(61.4)]).toEqual(["99 %", "100 %", "61 %"]);
  });

  it("lists, counts and sentences", () => {
    expect([joinWords([]), joinWords(["a"]), joinWords(["a", "b"]), joinWords(["a", "b", "c"])]).toEqual([
      "",
      "a",
      "a and b",
      "a, b and c",
    ]);
    expect([counted(1, "port"), counted(3, "port")]).toEqual(["1 port", "3 ports"]);
    expect([asSentence("done"), asSentence("done. ")]).toEqual(["done.", "done."]);
  });
});
