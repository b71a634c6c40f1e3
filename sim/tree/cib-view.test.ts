// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { newFleet } from "@/sim/model/fleet";
import { clusterOf } from "@/sim/model/model";
import { renderCib } from "@/sim/text/cib";
import { cibOf } from "./cib-view";

const captured = (name: string) => readFileSync(path.join(import.meta.dirname, "../fixtures/pacemaker", name), "utf8");

/** What a line is, without its values: the element and the names of its attributes in order. */
function shapes(text: string): Set<string> {
  return new Set(
    text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.trim().replace(/="[^"]*"/g, "")),
  );
}

it("writes only lines that a real CIB has, in its order of attributes", () => {
  const fleet = newFleet({ atMs: Date.UTC(2026, 10, 20), isCalm: false, pace: 1, newId: () => "id" });
  const known = new Set([
    ...shapes(captured("all-running.cib.xml")),
    ...shapes(captured("healthy.cib.xml")),
    ...shapes(captured("ban.constraints.xml")),
  ]);
  const written = shapes(renderCib(cibOf(clusterOf(fleet, "san-a"))));
  expect([...written].filter((shape) => !known.has(shape))).toEqual([]);
});

it("keeps the sections in the order of a real CIB", () => {
  const sections = (text: string) => [...text.matchAll(/^ {2,4}<(\w+)>$/gm)].map(([, name]) => name);
  const fleet = newFleet({ atMs: Date.UTC(2026, 10, 20), isCalm: true, pace: 1, newId: () => "id" });
  expect(sections(renderCib(cibOf(clusterOf(fleet, "north"))))).toEqual(sections(captured("all-running.cib.xml")));
});
