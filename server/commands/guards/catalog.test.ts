// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../catalog";
import { type Guard, judge } from "../define";
import { GUARD_LISTS, LEAVING } from "./catalog";
import { lonely, node, rubyGoes, viewOf } from "./test-view";

const all = new Set(Object.values(GUARD_LISTS).flat());

/** Every guard that a file of this folder exports. */
async function exported(): Promise<Guard[]> {
  const files = readdirSync(import.meta.dirname).filter(
    (file) => file.endsWith(".ts") && !/(\.test|^test-view.*|^catalog|^look)\.ts$/.test(file),
  );
  const guards: Guard[] = [];
  for (const file of files) {
    const found: Record<string, unknown> = await import(/* @vite-ignore */ path.join(import.meta.dirname, file));
    guards.push(...[...all].filter((guard) => Object.values(found).includes(guard)));
    const unlisted = Object.entries(found).filter(([, value]) => isGuard(value) && ![...all].some((guard) => guard === value));
    expect(unlisted.map(([name]) => `${file}: ${name} is in no list`)).toEqual([]);
  }
  return guards;
}

function isGuard(value: unknown): boolean {
  return typeof value === "object" && value !== null && "check" in value && "number" in value;
}

describe("the lists", () => {
  it("hold every guard of this folder, each under its own name", async () => {
    expect(new Set(await exported())).toEqual(all);
    expect(new Set([...all].map(({ name }) => name)).size).toBe(all.size);
  });

  it("each looks at one command at least, and never twice", () => {
    for (const [name, guards] of Object.entries(GUARD_LISTS)) {
      expect(new Set(guards).size, name).toBe(guards.length);
      expect(
        COMMANDS.some((command) => command.guards === guards),
        name,
      ).toBe(true);
    }
  });

  it("what they find is told the gravest first", () => {
    const levels = judge(LEAVING, rubyGoes(viewOf(lonely(), node("crystal", { link: "lost" })))).map(({ level }) => level);
    expect(levels).toEqual(["block", "type", "inform"]);
  });
});

describe("docs/guards.md", () => {
  const text = readFileSync(path.join(import.meta.dirname, "../../../docs/guards.md"), "utf8");
  const rows = [...text.matchAll(/^\| ([0-9.]+) +\| `([a-z0-9-]+)` +\| ([^|]+?) +\|/gm)].map(([, number, name, levels]) => ({
    number,
    name,
    levels,
  }));

  it("tells of every guard, by number and name, and of no other", () => {
    expect(rows.map(({ number, name }) => `${number} ${name}`).sort()).toEqual(
      [...all].map(({ number, name }) => `${number} ${name}`).sort(),
    );
  });

  it("names a level for each", () => {
    for (const guard of all) {
      const row = rows.find(({ name }) => name === guard.name);
      expect(row?.levels, guard.name).toMatch(/block|type|warn|inform/);
    }
  });
});
