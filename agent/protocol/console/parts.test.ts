// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
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

describe("a part", () => {
  it("holds the fields that changed, inside objects too, and lists whole", () => {
    const after = { ...mirror, said: { ...mirror.said, word: "verify" }, meaning: ["Both are compared."] };
    expect(partOf(mirror, after)).toEqual({ said: { word: "verify" }, meaning: ["Both are compared."] });
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
  });
});
