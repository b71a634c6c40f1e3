// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { keyOf } from "@/agent/protocol/console/keys";
import { cluster, finding, said } from "@/components/factories";
import { linesOf, toldByHeadline, withRoots } from "./findings";

const dead = [keyOf.finding("node-gone:crystal"), finding("crystal is offline", { level: "old", sinceMs: 2 })] as const;
const alone = [
  keyOf.finding("mirror-alone:ruby"),
  finding("Only ruby holds store", { level: "risk", cause: "node-gone:crystal", about: ["mirror:store/0"] }),
] as const;
const other = [keyOf.finding("left-over:x"), finding("g_mail is held on ruby", { level: "differs", sinceMs: 1 })] as const;
const all = [dead, alone, other].map(([key, one]): [string, typeof one] => [key, one]);

it("what follows from another stands inside it, and gives its line the worse level", () => {
  expect(linesOf(all).map(({ finding: { title }, level, within }) => [title, level, within.length])).toEqual([
    ["crystal is offline", "risk", 1],
    ["g_mail is held on ruby", "differs", 0],
  ]);
});

it("what follows from one that is not shown stands by itself", () => {
  expect(linesOf(all.slice(1)).map(({ finding: { title } }) => title)).toEqual(["Only ruby holds store", "g_mail is held on ruby"]);
});

it("a line stays the same while its finding and those inside it do", () => {
  const before = linesOf(all);
  const [first, second] = linesOf(all.map(([key, one]): (typeof all)[number] => [key, one]));
  expect([first, second]).toEqual([before[0], before[1]]);
  expect(first).toBe(before[0]);
  const worse = all.map(([key, one]): (typeof all)[number] => [key, one.cause ? { ...one, level: "bad" } : one]);
  const [moved, unmoved] = linesOf(worse);
  expect(moved?.level).toBe("bad");
  expect(unmoved).toBe(before[1]);
});

it("the headline tells a whole line", () => {
  const one = cluster({ headline: said("risk", "At risk: crystal is offline") });
  expect(toldByHeadline(one, linesOf(all))?.within).toHaveLength(1);
});

it("the line of the headline is known by its finding, however the two are worded", () => {
  const one = cluster({ headline: said("risk", "At risk: crystal, which held mail, is gone"), headlineOf: "node-gone:crystal" });
  expect(toldByHeadline(one, linesOf(all))?.finding.title).toBe("crystal is offline");
  expect(toldByHeadline({ ...one, headlineOf: null }, linesOf(all))).toBeUndefined();
});

it("a page's own finding brings the one that it follows from", () => {
  const found = withRoots(all, ({ about }) => about.includes("mirror:store/0") && about.length === 1);
  expect(found.map(([key]) => key)).toContain(keyOf.finding("node-gone:crystal"));
});
