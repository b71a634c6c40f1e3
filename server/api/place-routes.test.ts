// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, expect, it } from "vitest";
import { PlaceList } from "@/agent/protocol/console/api";
import { type Entity, keyOf } from "@/agent/protocol/console/view";
import { placesOf } from "./place-routes";
import { type TestApi, testApi } from "./test-api";
import { clusterEntity, nodeEntity, viewOf } from "./test-view";

let api: TestApi;
beforeEach(async () => {
  api = await testApi();
});
afterEach(() => api.remove());

const service = (id: string, parents: string[], nodes: string[]): Entity => ({
  kind: "resource",
  from: { node: "ruby", source: "pacemaker" },
  id,
  type: "group",
  parents,
  children: [],
  agent: null,
  places: nodes.map((node) => ({ node, role: "Started", said: { level: "ok", word: "started", why: null } })),
  said: { level: "ok", word: "started", why: null },
  opinions: [],
  failures: [],
});

it("lists what a person can go to, of every cluster, with its state in words", async () => {
  api.views.set("san-a", viewOf(clusterEntity, nodeEntity("ruby", {})));
  api.views.set("north", viewOf(nodeEntity("bergen", { link: "lost", state: { level: "old", word: "silent", why: null } })));
  const { places } = PlaceList.parse(await (await api.ask("GET", "/api/v1/places", { role: "viewer" })).json());
  expect(places.map(({ cluster, kind, name, says }) => [cluster, kind, name, says])).toEqual([
    ["san-a", "cluster", "SAN A", "Nothing known is wrong"],
    ["san-a", "node", "ruby", "online"],
    ["north", "node", "bergen", "silent"],
  ]);
});

it("finds what is inside a group where the group is, and says where a service runs", () => {
  const view = new Map([
    [keyOf.resource("g_vm"), service("g_vm", [], ["ruby"])],
    [keyOf.resource("p_ip"), service("p_ip", ["g_vm"], ["ruby"])],
    [keyOf.resource("g_off"), service("g_off", [], [])],
  ]);
  expect(placesOf("san-a", view).map(({ name, says }) => [name, says])).toEqual([
    ["g_vm", "started on ruby"],
    ["g_off", "started"],
  ]);
});

it("says of what stands in a recording that it is recorded, and never that it is well", () => {
  const recorded = { atMs: 1, atFrom: "said", origin: "captures/a", openedBy: "anna", openedAtMs: 2 } as const;
  const places = placesOf("san-a", viewOf({ ...clusterEntity, recorded }, nodeEntity("ruby", {})));
  expect(places.map(({ level, says }) => [level, says])).toEqual([
    ["old", "in the recording: Nothing known is wrong"],
    ["old", "in the recording: online"],
  ]);
});

it("is nothing for who is not signed in", async () => {
  expect((await api.ask("GET", "/api/v1/places")).status).toBe(401);
});
