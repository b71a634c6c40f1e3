// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { type Bounded, bounding, labelValue } from "./bounded";
import { gauge, type Sample } from "./define";

const family = gauge("t", "t", ["cluster", "instance", "name"]);
function bounded(samples: readonly Sample[], limits?: { perFamily: number; all: number }): Bounded {
  const bound = bounding(limits);
  for (const sample of samples) bound.add(sample);
  return bound.told();
}
const one = (name: string, value: number, instance = "ruby") => family.of({ cluster: "a", instance, name }, value);

describe("a label's value", () => {
  it.each([
    ["plain", "plain"],
    ["a\tb\u0000c\u007f", "a\ufffdb\ufffdc\ufffd"],
    ["half \ud83d", "half \ufffd"],
    ["über 🚢", "über 🚢"],
  ])("%j is told as %j", (text, told) => {
    expect(labelValue(text)).toBe(told);
  });

  it("is cut where it is long, never inside a character", () => {
    const told = labelValue(`x${"🚢".repeat(1_000)}`);
    expect(told.length).toBeLessThanOrEqual(2 * 200);
    expect(told.endsWith("🚢…")).toBe(true);
    expect(labelValue("y".repeat(1_000_000))).toBe(`${"y".repeat(199)}…`);
  });
});

describe("what is told at once", () => {
  it("is bounded for each node and metric, and counts the rest", () => {
    const many = Array.from({ length: 30 }, (_, index) => one(`n${index}`, index)).flat();
    const { samples, leftOut } = bounded([...many, ...one("other", 1, "crystal")], { perFamily: 10, all: 100 });
    expect(samples).toHaveLength(11);
    expect(leftOut).toEqual(new Map([["t", 20]]));
    expect(bounded(many, { perFamily: 100, all: 7 }).samples).toHaveLength(7);
  });

  it("holds a series once: of two words for one the first stands and the other is counted", () => {
    const { samples, leftOut } = bounded([...one("n", 1), ...one("n", 1), ...one("n", 0)]);
    expect(samples.map(({ value }) => value)).toEqual([1]);
    expect(leftOut).toEqual(new Map([["t", 1]]));
  });

  it("takes no number for what is none", () => {
    expect(one("n", Number.NaN)).toEqual([]);
  });
});
