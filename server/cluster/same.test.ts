// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entity } from "@/agent/protocol/console/view";
import { around, host, nodeFacts, T0 } from "./factories";
import { project } from "./project";
import { same, sameButAge } from "./same";

describe("equality of plain values", () => {
  it("is that of their JSON text with sorted keys", () => {
    const plain = fc.jsonValue({ maxDepth: 3 });
    fc.assert(fc.property(plain, (value) => same(value, structuredClone(value))));
    fc.assert(fc.property(plain, plain, (a, b) => same(a, b) === (canonical(a) === canonical(b))));
  });

  it.each([
    [{ a: undefined }, {}, true],
    [[], {}, false],
    [null, {}, false],
    [[1, 2], [1], false],
  ])("%j and %j", (a, b, expected) => {
    expect([same(a, b), same(b, a)]).toEqual([expected, expected]);
  });

  function canonical(value: unknown): string {
    // JSON writes -0 as 0: told apart here as `same` tells them.
    if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : JSON.stringify(value);
    if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
    const entries = Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join()}}`;
  }
});

describe("a mere re-read", () => {
  const entity = (key: string, more: Parameters<typeof nodeFacts>[2] = {}, uptimeSeconds = 3_600): Entity => {
    const facts = {
      slug: "a",
      title: "a",
      environment: null,
      nodes: new Map([["ruby", nodeFacts("ruby", { host: host({ uptimeSeconds }) }, more)]]),
    };
    const found = project(facts, around(), new Map()).get(key);
    if (!found) throw new Error(`no ${key}`);
    return found;
  };

  it("changes ages only", () => {
    expect(sameButAge(entity("node:ruby"), entity("node:ruby", { lastWordAtMs: T0 - 400 }))).toBe(true);
    const source = entity("source:ruby/host");
    expect(source.kind === "source" && sameButAge(source, { ...source, takenAtMs: T0 + 1, okAtMs: T0 + 1 })).toBe(true);
    expect(source.kind === "source" && sameButAge(source, { ...source, freshness: "stale" })).toBe(false);
  });

  it("is told from one that found something", () => {
    expect(sameButAge(entity("node:ruby"), entity("node:ruby", { agentVersion: "0.2.0" }))).toBe(false);
    expect(sameButAge(entity("node:ruby"), entity("source:ruby/host"))).toBe(false);
  });
});
