// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { type Standing, sayNews } from "./news";

const at = (line: Standing["line"], links: Record<string, Standing["nodes"][number]["link"]>): Standing => ({
  line,
  nodes: Object.entries(links).map(([name, link]) => ({ name, link })),
});

test("a node that falls silent is told once, and when it is heard again", () => {
  expect(sayNews(at("live", { ruby: "live" }), at("live", { ruby: "stale" }))).toBe("No word from ruby.");
  expect(sayNews(at("live", { ruby: "stale" }), at("live", { ruby: "lost" }))).toBeNull();
  expect(sayNews(at("live", { ruby: "lost" }), at("live", { ruby: "live" }))).toBe("Heard again: ruby.");
});

test("many at once are counted, not read out", () => {
  const links = ["a", "b", "c", "d"];
  const all = (link: Standing["nodes"][number]["link"]) => at("live", Object.fromEntries(links.map((name) => [name, link])));
  expect(sayNews(all("live"), all("lost"))?.replaceAll("\u00a0", " ")).toBe("No word from 4 nodes.");
});

test("a console that speaks again is told; one that is silent says nothing of its nodes", () => {
  expect(sayNews(at("lost", { ruby: "live" }), at("live", { ruby: "live" }))).toBe("The console speaks again.");
  expect(sayNews(at("live", { ruby: "live" }), at("lost", { ruby: "stale" }))).toBeNull();
  expect(sayNews(at("connecting", { ruby: "live" }), at("live", { ruby: "live" }))).toBeNull();
});

test("a node that is new is no news", () => {
  expect(sayNews(at("live", {}), at("live", { ruby: "live" }))).toBeNull();
  expect(sayNews(at("live", { ruby: "never" }), at("live", { ruby: "live" }))).toBeNull();
});
