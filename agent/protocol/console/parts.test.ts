// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { KernelLine } from "../model/kernel-log";
import { partOf, withPart } from "./parts";
import type { EntityOf } from "./view";

const mirror: EntityOf<"mirror"> = {
  kind: "mirror",
  resource: "store",
  volume: 0,
  device: "drbd0",
  protocol: "C",
  sizeBytes: 2 ** 41,
  copies: [
    {
      node: "ruby",
      drbd: null,
      role: "Primary",
      disk: "UpToDate",
      said: { level: "ok", word: "UpToDate", why: null },
      syncedPercent: null,
    },
  ],
  pairs: [],
  said: { level: "ok", word: "in sync", why: null },
  meaning: [],
  holders: ["ruby"],
};
const kernel: EntityOf<"kernel"> = { kind: "kernel", from: { node: "ruby", source: "kernelLog" }, lines: [] };

const line = (kmsgSeq: number): KernelLine => ({
  kmsgSeq,
  atMs: 1_700_000_000_000 + kmsgSeq,
  priority: 4,
  topic: "drbd",
  text: `block drbd0: line ${kmsgSeq}`,
});

/** Whole numbers below a bound, the same ones in every run. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 16) % below;
  };
}

/** Some of it gone, some twice, some changed. */
function shuffled(lines: readonly KernelLine[], random: (below: number) => number): KernelLine[] {
  return lines.flatMap((each) => {
    const fate = random(5);
    if (fate === 0) return [];
    if (fate === 1) return [each, each];
    return fate === 2 ? [{ ...each, text: "another" }] : [each];
  });
}

describe("a part", () => {
  it("holds the fields that changed, inside objects too, and a short list whole", () => {
    const after = { ...mirror, said: { ...mirror.said, word: "verify" }, meaning: ["Both are compared."] };
    expect(partOf(mirror, after)).toEqual({ said: { word: "verify" }, meaning: ["Both are compared."] });
  });

  it("holds of an item of a list only what changed in it", () => {
    const [copy] = mirror.copies;
    const copies = copy ? [{ ...copy, node: "amber" }, copy, { ...copy, node: "opal" }] : [];
    const after = { ...mirror, copies: copies.map((each, index) => (index === 1 ? { ...each, disk: "Outdated" } : each)) };
    const part = partOf({ ...mirror, copies }, after);
    expect(part).toEqual({
      copies: {
        list: [
          [0, 1],
          [1, { disk: "Outdated" }],
          [2, 1],
        ],
      },
    });
    expect(part && withPart({ ...mirror, copies }, part)).toEqual(after);
  });

  it("adds a line to those that are known, and lets the oldest go", () => {
    const before = { ...kernel, lines: Array.from({ length: 12 }, (_, index) => line(11 - index)) };
    const after = { ...kernel, lines: [line(12), ...before.lines.slice(0, -1)] };
    const part = partOf(before, after);
    expect(JSON.stringify(part).length).toBeLessThan(JSON.stringify(line(12)).length + 40);
    expect(part && withPart(before, part)).toEqual(after);
  });

  it("makes the whole again of whatever happened to a list", () => {
    const random = seeded(7);
    const some = () => Array.from({ length: random(14) }, () => line(random(9)));
    for (let round = 0; round < 2_000; round += 1) {
      const before = { ...kernel, lines: some() };
      const after = { ...kernel, lines: random(2) === 0 ? some() : shuffled(before.lines, random) };
      const part = partOf(before, after);
      expect(part && withPart(before, JSON.parse(JSON.stringify(part)))).toEqual(after);
    }
  });

  it.each<[string, EntityOf<"mirror">]>([
    ["nothing changed", { ...mirror }],
    ["a word and its level", { ...mirror, said: { level: "bad", word: "not connected", why: "The line is cut." } }],
    ["a number that is not known any more", { ...mirror, sizeBytes: null }],
    ["a list that is empty now", { ...mirror, copies: [] }],
    ["a field that was not there", { ...mirror, onlyHolder: "ruby" }],
  ])("and what it is a part of make the whole again: %s", (_, after) => {
    const part = partOf(mirror, after);
    expect(part && withPart(mirror, part)).toEqual(after);
  });

  it("is none when a field is gone, or when it is another kind of thing: then the whole is sent", () => {
    const { holders: _, ...without } = mirror;
    expect(partOf(mirror, without)).toBeNull();
    expect(partOf(mirror, kernel)).toBeNull();
  });

  it("that does not fit what is known gives nothing rather than something wrong", () => {
    expect(withPart(mirror, { said: { level: "splendid" } })).toBeNull();
    expect(withPart(kernel, { said: { word: "verify" } })).toEqual(kernel);
    expect(withPart(mirror, { copies: [{ node: "ruby" }] })).toBeNull();
    for (const list of [[[1, 1]], [[0, 2]], [[1, { disk: "Outdated" }]], [[0, { disk: 7 }]], [[]], [[-1, 1]], [[0, 1, 1]], "all"])
      expect(withPart(mirror, { copies: { list } }), JSON.stringify(list)).toBeNull();
    expect(withPart(mirror, { copies: { list: [[0, 1]], more: 1 } })).toBeNull();
  });
});
