// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, expect, it } from "vitest";
import { FindingRuleList } from "@/agent/protocol/console/finding-rules";
import { RULES } from "@/server/findings/catalog";
import { createRuleSwitches } from "@/server/findings/switches";
import { NOW_MS, type TestApi, testApi } from "./test-api";

let api: TestApi;
beforeEach(async () => {
  api = await testApi();
  api.views.set("san-a", new Map());
  api.views.set("north", new Map());
});
afterEach(() => api.remove());

const PATH = "/api/v1/findings/rules";
const body = { clusters: ["san-a"], isOff: true, reason: "a test bed" };
const offOf = async (name: string) => {
  const { rules } = FindingRuleList.parse(await (await api.ask("GET", PATH, { role: "viewer" })).json());
  return rules.find((rule) => rule.name === name)?.off;
};

it("an admin switches a rule off and on, the audit has both with the reason, and a restart keeps it", async () => {
  expect((await api.ask("PUT", `${PATH}/fencing-off`, { role: "admin", body })).status).toBe(204);
  expect(await offOf("fencing-off")).toEqual([{ cluster: "san-a", by: "anna", atMs: NOW_MS, reason: "a test bed" }]);
  const shown: [string, string[]][] = [];
  const again = await createRuleSwitches({
    settings: api.db.settings,
    journal: { append: () => Promise.reject(new Error("nothing is changed")) },
    clusters: () => ["san-a"],
    show: (slug, off) => shown.push([slug, [...off]]),
    log: { error: () => undefined },
    now: () => NOW_MS,
  });
  expect(shown).toEqual([["san-a", ["fencing-off"]]]);
  expect(again.unwatched("san-a", "fencing-off")).toBe("anna switched “Fencing is off” off: a test bed.");
  expect(again.unwatched("north", "fencing-off")).toBeNull();
  expect((await api.ask("PUT", `${PATH}/fencing-off`, { role: "admin", body: { ...body, isOff: false } })).status).toBe(204);
  expect(await offOf("fencing-off")).toEqual([]);
  const audit = JSON.stringify(await (await api.ask("GET", "/api/v1/audit", { role: "admin" })).json());
  for (const part of ["Switch “Fencing is off” off", "Switch “Fencing is off” on"]) expect(audit).toContain(part);
});

it("who had switched off a rule that is several now has switched off each of them", async () => {
  const off = { by: "anna", atMs: NOW_MS, reason: "a test bed" };
  await api.db.settings.set("rulesOff", JSON.stringify({ "san-a": { "service-state": off, "left-over": off } }));
  const shown: string[] = [];
  await createRuleSwitches({
    settings: api.db.settings,
    journal: { append: () => Promise.reject(new Error("nothing is changed")) },
    clusters: () => ["san-a"],
    show: (_, rules) => shown.push(...rules),
    log: { error: () => undefined },
    now: () => NOW_MS,
  });
  expect(shown).toContain("service-twice");
  expect(shown.every((name) => RULES.some((rule) => rule.name === name))).toBe(true);
});

it("nobody less switches one, and nothing that is not there", async () => {
  expect((await api.ask("PUT", `${PATH}/fencing-off`, { role: "operator", body })).status).toBe(403);
  expect((await api.ask("PUT", `${PATH}/nonsense`, { role: "admin", body })).status).toBe(404);
  expect((await api.ask("PUT", `${PATH}/fencing-off`, { role: "admin", body: { ...body, clusters: ["south"] } })).status).toBe(404);
  expect((await api.ask("PUT", `${PATH}/fencing-off`, { role: "admin", body: { ...body, reason: " " } })).status).toBe(400);
  expect(await offOf("fencing-off")).toEqual([]);
});
