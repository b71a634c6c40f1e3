// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { EntityOf } from "@/agent/protocol/console/view";
import { around, T0 } from "@/server/cluster/factories";
import { project } from "@/server/cluster/project";
import { RULES } from "./catalog";
import { PROOFS, proofOf } from "./proofs/all.factories";
import type { Scene } from "./proofs/scenes.factories";

function told(rule: string, { facts, around: more = {} }: Scene): (EntityOf<"finding"> & { id: string })[] {
  const view = project(facts, { ...around(T0), ...more }, new Map());
  return [...view].flatMap(([key, one]) =>
    one.kind === "finding" && one.rule === rule ? [{ ...one, id: key.slice("finding:".length) }] : [],
  );
}

describe.each(RULES.map(({ name, doc }) => [name, doc] as const))("%s", (name, doc) => {
  it("has a world in which it fires, at a level that its description names, and says what to do or why not", () => {
    const found = told(name, proofOf(name).fires);
    expect(found).not.toEqual([]);
    for (const { level, title, about, id } of found) {
      // By its id the timeline knows whose it was.
      expect(id.split(":")[0]).toBe(name);
      expect(doc.levels).toContain(level);
      expect(title).not.toMatch(/undefined|null|NaN/);
      expect(about.length).toBeGreaterThan(0);
    }
  });

  it("has a world that looks like it, in which it does not", () => {
    expect(told(name, proofOf(name).not)).toEqual([]);
  });
});

const isBlind = (level: string) => level === "unknown" || level === "old";
const SIGHT = RULES.filter(({ doc }) => doc.area === "sight" && doc.levels.some(isBlind)).map(({ name }) => name);

describe.each(SIGHT)("%s switched off", (name) => {
  it("is told by no finding, and what it would tell is still not called well", () => {
    const scene = proofOf(name).fires;
    if (!told(name, scene).some(({ level }) => isBlind(level))) throw new Error(`${name} has no proof in which something is not known`);
    const rulesOff = new Set(SIGHT);
    const view = project(scene.facts, { ...around(T0), ...scene.around, rulesOff }, new Map());
    const whole = view.get("cluster");
    expect([...view.values()].filter((one) => one.kind === "finding" && rulesOff.has(one.rule))).toEqual([]);
    if (whole?.kind !== "cluster") throw new Error("no cluster");
    expect(["ok", "busy", "held", "absent"]).not.toContain(whole.headline.level);
    expect(whole.rulesOff).toHaveLength(SIGHT.length);
  });
});

it("nothing is proven of a rule that is none", () => {
  expect(Object.keys(PROOFS).filter((name) => !RULES.some((rule) => rule.name === name))).toEqual([]);
});

it("no rule names a level twice, and every description is whole sentences", () => {
  for (const { doc } of RULES) {
    expect(new Set(doc.levels).size).toBe(doc.levels.length);
    for (const text of [doc.means, doc.fires, doc.not, doc.todo]) expect(text).toMatch(/\.$/);
  }
});
