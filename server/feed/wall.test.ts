// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WALL_KINDS } from "@/agent/protocol/console/feed";
import { type NewWallKey, WallKeyList, WallKeyMade } from "@/agent/protocol/console/people";
import { ROUTES } from "@/server/api/app";
import { type TestConsole, testConsole, until } from "@/server/test-console";
import { agentUrl, connectPeer, enrolPeer, type Peer } from "@/sim/peer";
import { openBrowser, refusedWith, stored, type TestBrowser } from "./test-browser";

let clockAheadMs: number;
let qd: TestConsole;
let cookie: string;
const open: (() => void)[] = [];

beforeEach(async () => {
  clockAheadMs = 0;
  qd = await testConsole({ now: () => Date.now() + clockAheadMs });
  await qd.ask("POST", "/api/v1/clusters", { slug: "north", title: "North", environment: null });
  cookie = await qd.signIn("admin", "anna");
});
afterEach(async () => {
  for (const end of open.splice(0)) end();
  await qd.remove();
});

/** Asks as anna does in her browser. */
const asAnna = (method: string, path: string, body?: unknown) =>
  fetch(`${qd.origin()}${path}`, {
    method,
    headers: { cookie, origin: qd.origin(), "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const keys = async () => WallKeyList.parse(await (await asAnna("GET", "/api/v1/wall-keys")).json()).keys;

async function make(wanted: Partial<NewWallKey> = {}): Promise<{ id: string; key: string }> {
  const answer = await asAnna("POST", "/api/v1/wall-keys", { name: "NOC", clusters: null, days: null, ...wanted });
  expect(answer.status).toBe(201);
  const { id, url } = WallKeyMade.parse(await answer.json());
  const [, key = ""] = new RegExp(`^${qd.origin()}/wall/(qdw_[\\w-]{43})$`).exec(url) ?? [];
  return { id, key };
}

const url = () => `${qd.origin().replace("http", "ws")}/ws/wall`;
const protocols = (key: string) => ["quarterdeck.wall", `key.${key}`];
async function wall(key: string): Promise<TestBrowser> {
  const opened = await openBrowser(url(), { origin: qd.origin() }, protocols(key));
  open.push(() => opened.socket.terminate());
  return opened;
}
async function agentOn(node: string): Promise<Peer> {
  const peer = await enrolPeer({ origin: qd.origin(), token: await qd.newToken(node), node });
  const connected = await connectPeer({ url: agentUrl(qd.origin()), ...peer });
  open.push(() => connected.terminate());
  return connected;
}

describe("a wall's socket", () => {
  it("hears its clusters without a word, and what moves in them, in the kinds a wall shows", async () => {
    const { key } = await make({ clusters: ["san-a"] });
    const mine = await wall(key);
    const { clusters, scope } = await mine.waitFor("snapshot");
    expect(scope).toEqual({ of: "wall", clusters: ["san-a"] });
    expect(Object.keys(clusters)).toEqual(["san-a"]);
    await agentOn("ruby");
    await mine.waitFor("patch", ({ changes }) => changes["san-a"]?.set["node:ruby"] !== undefined);
    await mine.waitFor("pulse", ({ ages }) => ages["san-a"] !== undefined && ages.north === undefined);
    const kinds = [...(stored(mine.frames).clusters.get("san-a")?.values() ?? [])].map(({ kind }) => kind);
    expect(kinds.filter((kind) => !WALL_KINDS.has(kind))).toEqual([]);
    // Another cluster moves: this wall's numbers have no gap for it.
    await qd.ask("PUT", "/api/v1/clusters/north", { title: "Far north", environment: null });
    await qd.ask("PUT", "/api/v1/clusters/san-a", { title: "SAN", environment: null });
    await until("the new title", () => {
      const cluster = stored(mine.frames).clusters.get("san-a")?.get("cluster");
      return cluster?.kind === "cluster" && cluster.title === "SAN";
    });
    expect(JSON.stringify(mine.frames)).not.toContain("north");
  });

  it("of a key for every cluster hears of those to come, and of those that go", async () => {
    const mine = await wall((await make()).key);
    await mine.waitFor("snapshot");
    await qd.ask("POST", "/api/v1/clusters", { slug: "attic", title: "Attic", environment: null });
    await mine.waitFor("patch", ({ changes }) => changes.attic?.set.cluster !== undefined);
    await qd.ask("DELETE", "/api/v1/clusters/attic");
    await mine.waitFor("patch", ({ changes }) => changes.attic?.remove.includes("*") === true);
  });

  it.each([
    ["asks for a cluster", { type: "scope", scope: { of: "cluster", slug: "san-a" } }],
    ["asks for the fleet", { type: "scope", scope: { of: "fleet" } }],
    ["asks again", { type: "resync" }],
    ["says nothing of ours", {}],
  ])("ends when it %s", async (_, frame) => {
    const mine = await wall((await make()).key);
    await mine.waitFor("snapshot");
    mine.socket.send(JSON.stringify(frame));
    expect([1008, 1009]).toContain((await mine.closed).code);
    expect(mine.frames.filter(({ type }) => type === "snapshot")).toHaveLength(1);
  });

  it("ends when it says a single byte", async () => {
    const mine = await wall((await make()).key);
    mine.socket.send("x");
    expect((await mine.closed).code).toBe(1008);
  });

  it("is refused to a page of another site, without a key, with a wrong one, and with a session's cookie", async () => {
    const { key } = await make();
    const own = { origin: qd.origin() };
    expect(await refusedWith(url(), { origin: "http://evil.example" }, protocols(key))).toBe(403);
    expect(await refusedWith(url(), own)).toBe(401);
    expect(await refusedWith(url(), own, protocols(`${key.slice(0, -1)}!`.replace("!", key.endsWith("A") ? "B" : "A")))).toBe(401);
    expect(await refusedWith(url(), { ...own, cookie }, ["quarterdeck.wall"])).toBe(401);
    expect(await refusedWith(`${url()}?key=${key}`, own)).toBe(401);
    expect(await refusedWith(url().replace("/ws/wall", "/ws/console"), own, protocols(key))).toBe(401);
  });
});

describe("a wall's key", () => {
  it("opens no route of the API, as a bearer or as a cookie", async () => {
    const { key } = await make();
    for (const { method, path, needs } of ROUTES) {
      if (needs === "nobody") continue;
      for (const headers of [{ authorization: `Bearer ${key}` }, { cookie: `qd_session=${key}`, origin: qd.origin() }]) {
        const answer = await fetch(`${qd.origin()}${path.replaceAll(/:\w+/g, "x")}`, { method, headers });
        expect(answer.status, `${method} ${path}`).toBe(401);
      }
    }
  });

  it("is kept as its hash alone, and neither listed nor logged", async () => {
    const { id, key } = await make({ name: "left screen" });
    const mine = await wall(key);
    await mine.waitFor("snapshot");
    expect(await keys()).toEqual([expect.objectContaining({ id, name: "left screen", createdBy: "anna", screens: 1 })]);
    expect(JSON.stringify(await keys())).not.toContain(key);
    expect(qd.logged.join()).not.toContain(key);
  });

  it("survives a restart of the console", async () => {
    const { key } = await make();
    await qd.restart();
    await (await wall(key)).waitFor("snapshot");
  });

  it("that is revoked ends its screens at once, says so, and does not come back", async () => {
    const [mine, other] = [await make(), await make({ name: "right screen" })];
    const [over, stays] = [await wall(mine.key), await wall(other.key)];
    await Promise.all([over.waitFor("snapshot"), stays.waitFor("snapshot")]);
    expect((await asAnna("DELETE", `/api/v1/wall-keys/${mine.id}`)).status).toBe(204);
    await over.waitFor("bye", ({ reason }) => reason === "sessionEnded");
    expect((await over.closed).code).toBe(4401);
    expect(await refusedWith(url(), { origin: qd.origin() }, protocols(mine.key))).toBe(401);
    await stays.waitFor("pulse", () => true, stays.frames.length);
    expect((await asAnna("DELETE", `/api/v1/wall-keys/${mine.id}`)).status).toBe(404);
  });

  it("whose time is over ends its screens", async () => {
    const { key } = await make({ days: 1 });
    const mine = await wall(key);
    await mine.waitFor("snapshot");
    clockAheadMs = 86_400_001;
    await mine.waitFor("bye", ({ reason }) => reason === "sessionEnded");
    expect(await refusedWith(url(), { origin: qd.origin() }, protocols(key))).toBe(401);
  });

  it("is made by an admin who is signed in, for clusters that are there", async () => {
    const wanted = { name: "NOC", clusters: ["nowhere"], days: null };
    expect((await asAnna("POST", "/api/v1/wall-keys", wanted)).status).toBe(404);
    expect((await qd.ask("POST", "/api/v1/wall-keys", { ...wanted, clusters: null })).status).toBe(409);
    cookie = await qd.signIn("operator", "otto");
    expect((await asAnna("POST", "/api/v1/wall-keys", { ...wanted, clusters: null })).status).toBe(403);
    expect((await asAnna("GET", "/api/v1/wall-keys")).status).toBe(403);
  });
});
