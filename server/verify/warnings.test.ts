// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { commandOf } from "@/server/commands/catalog";
import { PASSING, PASSING_WARNINGS } from "./attempt";
import { verifyWarnings } from "./warnings";

const BOOK = readFileSync(path.resolve(import.meta.dirname, "../../docs/guards.md"), "utf8");

/** What docs/guards.md says of a guard's levels. */
function levelsOf(guard: string): string {
  const row = BOOK.split("\n").find((line) => line.includes(`| \`${guard}\``));
  return row?.split("|")[3] ?? "";
}

it("every guard that may warn of a verify is one that a schedule may accept, with what that means", () => {
  const guards = (commandOf("drbd.verify")?.guards ?? []).map(({ name }) => name);
  const warning = guards.filter((name) => levelsOf(name).includes("warn"));
  expect(warning.length).toBeGreaterThan(4);
  expect(verifyWarnings().map(({ guard }) => guard)).toEqual(expect.arrayContaining(warning));
});

it("what the queue waits out instead of skipping is told by guards that a verify has", () => {
  const guards = commandOf("drbd.verify")?.guards.map(({ name }) => name);
  expect(guards).toEqual(expect.arrayContaining([...PASSING, ...PASSING_WARNINGS]));
});
