// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, expect, it } from "vitest";
import { type NewRecording, RecordingLine, RecordingList } from "@/agent/protocol/console/recorded";
import { NOW_MS, type TestApi, testApi } from "./test-api";

let api: TestApi;
beforeEach(async () => {
  api = await testApi();
});
afterEach(() => api.remove());

const recording: NewRecording = {
  title: "SAN A, Monday",
  origin: "/home/anna/sos",
  atMs: 1_000,
  atFrom: "fileDates",
  nodes: [{ node: "ruby", role: "member", readings: { aoe: { status: "absent", takenAtMs: 5 } } }],
};
const post = (body: unknown, role: "admin" | "operator" | "viewer" = "operator") => api.ask("POST", "/api/v1/imports", { role, body });
const list = async () =>
  RecordingList.parse(await (await api.ask("GET", "/api/v1/imports", { role: "viewer" })).json()).recordings.map(({ slug }) => slug);

it("is opened by an operator under a slug of its own, kept with who opened it, and closed again", async () => {
  const opened = await post(recording);
  expect(opened.status).toBe(201);
  const { nodes, ...said } = recording;
  const line = { ...said, slug: "recorded-san-a-monday", openedBy: "otto", openedAtMs: NOW_MS };
  expect(RecordingLine.parse(await opened.json())).toEqual(line);
  expect(api.opened).toEqual([{ ...line, nodes }]);
  expect((await api.db.recordings.load()).recordings).toEqual([{ ...line, nodes }]);
  expect(RecordingLine.parse(await (await post(recording)).json()).slug).toBe("recorded-san-a-monday-2");
  expect(await list()).toHaveLength(2);
  expect((await api.ask("DELETE", "/api/v1/imports/recorded-san-a-monday", { role: "operator" })).status).toBe(204);
  expect((await api.ask("DELETE", "/api/v1/imports/recorded-san-a-monday", { role: "operator" })).status).toBe(404);
  expect(api.closed).toEqual(["recorded-san-a-monday"]);
  expect(await list()).toEqual(["recorded-san-a-monday-2"]);
});

it("never takes the name of a cluster, nor a cluster its", async () => {
  await api.db.clusters.addCluster({ slug: "recorded-san-a-monday", title: "x", environment: null });
  expect(RecordingLine.parse(await (await post(recording)).json()).slug).toBe("recorded-san-a-monday-2");
  const body = { slug: "recorded-san-a-monday-2", title: "y", environment: null };
  expect((await api.ask("POST", "/api/v1/clusters", { role: "admin", body })).status).toBe(409);
  expect(RecordingLine.parse(await (await post({ ...recording, title: "…" })).json()).slug).toBe("recorded");
});

it("is not opened or closed by a viewer, nor by nobody", async () => {
  expect((await post(recording, "viewer")).status).toBe(403);
  expect((await api.ask("POST", "/api/v1/imports", { body: recording })).status).toBe(401);
  expect((await api.ask("DELETE", "/api/v1/imports/x", { role: "viewer" })).status).toBe(403);
  expect(api.opened).toEqual([]);
});

const node = { node: "ruby", role: "member", readings: {} };
function manyBonds(count: number) {
  const bond = { mode: "x", link: "up", activePort: null, miimonMs: null, parent: null, lacp: null, ports: [] };
  const bonds = Array.from({ length: count }, (_, index) => ({ ...bond, name: `bond${index}` }));
  return { status: "ok", takenAtMs: 1, value: { bonds, unread: [] } };
}
it.each([
  ["no node", { ...recording, nodes: [] }],
  ["a node twice", { ...recording, nodes: [node, node] }],
  ["too many nodes", { ...recording, nodes: Array.from({ length: 65 }, (_, index) => ({ ...node, node: `n${index}` })) }],
  ["a name that is none", { ...recording, nodes: [{ ...node, node: "../etc" }] }],
  ["a reading that the contract does not know", { ...recording, nodes: [{ ...node, readings: { drbd: { status: "ok" } } }] }],
  ["more than anybody could look at", { ...recording, nodes: [{ ...node, readings: { bonding: manyBonds(5_001) } }] }],
  ["no title", { ...recording, title: "  " }],
  ["no moment", { ...recording, atMs: "yesterday" }],
])("refuses what does not fit the contract: %s", async (_, body) => {
  expect((await post(body)).status).toBe(400);
  expect(api.opened).toEqual([]);
});

it("takes more than other requests do, and no more than 8 MiB", async () => {
  expect((await post({ ...recording, padding: "x".repeat(1024 * 1024) })).status).toBe(201);
  expect((await post({ ...recording, padding: "x".repeat(8 * 1024 * 1024) })).status).toBe(413);
});

it("holds 20 recordings, and says how to close one", async () => {
  for (let count = 0; count < 20; count += 1) expect((await post(recording)).status).toBe(201);
  const refused = await post(recording);
  expect(refused.status).toBe(409);
  expect(await refused.text()).toContain("quarterdeck import --remove");
});

it("kept by a version that reads it no more, it is named and passed over", async () => {
  const line = { slug: "recorded-x", title: "X", origin: "x", atMs: 1, atFrom: "said", openedBy: "anna", openedAtMs: 1 } as const;
  await api.db.recordings.add({ ...line, nodes: [] });
  const broken = { node: "ruby", role: "member" as const, readings: {} };
  Object.assign(broken, { role: "captain" });
  await api.db.recordings.add({ ...line, slug: "recorded-y", nodes: [broken] });
  const { recordings, unread } = await api.db.recordings.load();
  expect(recordings.map(({ slug }) => slug)).toEqual(["recorded-x"]);
  expect(unread).toEqual(["the recording recorded-y"]);
});
