// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { settled } from "./define";

const NOW = 1_700_000_000_000;
const finding = (ageMs: number, joins?: boolean) => ({
  id: "x",
  level: "bad" as const,
  title: "both run it",
  why: "Two of them.",
  todo: "Stop one.",
  about: [],
  sinceMs: NOW - ageMs,
  ...(joins === undefined ? {} : { joins }),
});

it("what joins two readings is no alarm until it has held for two rounds of both", () => {
  expect(settled(finding(10_000, true), NOW)).toMatchObject({
    level: "busy",
    todo: null,
    why: expect.stringContaining("it may be passing"),
  });
  expect(settled(finding(11_000, true), NOW)).toEqual(finding(11_000, true));
});

it("what one reading says is told at once", () => {
  expect(settled(finding(0), NOW)).toEqual(finding(0));
});
