// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { ALERTS } from "./alerts";
import { METRICS } from "./catalog";
import { CONSOLE } from "./console";

const folder = path.resolve(import.meta.dirname, "../../docs/prometheus");
const families = [...METRICS, ALERTS, CONSOLE].flatMap((one) => one.families);
const NAME = /\b(?:quarterdeck|ha_cluster|process|nodejs)_[a-z_]+\b/g;

it("every metric has a name of its own, and none a label twice", () => {
  expect(new Set(families.map(({ name }) => name)).size).toBe(families.length);
  for (const { name, labels } of families) expect(new Set(labels).size, name).toBe(labels.length);
});

it.each(["rules.yml", "rules.test.yml", "dashboard.json"])("%s asks for no metric that is not there", (file) => {
  const text = readFileSync(path.join(folder, file), "utf8");
  const asked = new Set(text.match(NAME));
  expect(asked.size).toBeGreaterThan(5);
  const known = new Set(families.map(({ name }) => name));
  expect([...asked].filter((name) => !known.has(name))).toEqual([]);
});

it("a counter ends in _total, and nothing else does, but where others named it", () => {
  for (const { name, type } of families)
    if (name.startsWith("quarterdeck_")) expect(name.endsWith("_total"), name).toBe(type === "counter");
});
