// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ErrorBody } from "@/agent/protocol/errors";
import { pair } from "@/server/cluster/pair.factories";
import { processNow } from "@/server/metrics/console";
import { createMetrics } from "@/server/metrics/metrics";
import { clusterNow } from "@/server/metrics/test-samples";
import { NOW_MS, type TestApi, testApi } from "./test-api";

let api: TestApi;
let elapsedMs: number;
let looks: number;
beforeEach(async () => {
  api = await testApi();
  elapsedMs = 0;
  looks = 0;
});
afterEach(() => api.remove());

const now = clusterNow(pair());
const metrics = () =>
  createMetrics({
    clusters: () => ["san-a"],
    factsOf: (slug) => (slug === "san-a" ? now.facts : null),
    viewOf: () => {
      looks += 1;
      return now.view;
    },
    alerts: () => ({ clusters: [], receivers: [] }),
    feedClients: () => 2,
    process: processNow,
    now: () => NOW_MS,
    elapsed: () => elapsedMs,
  });

interface From {
  address?: string;
  host?: string;
  headers?: Record<string, string>;
  publicUrl?: string;
  query?: string;
}

/** Asks as a program at an address does. */
async function ask({ address = "127.0.0.1", host = "127.0.0.1:3000", headers = {}, publicUrl, query = "" }: From = {}): Promise<Response> {
  const app = api.with({ metrics: metrics(), publicUrl: publicUrl ?? null });
  const socket = { incoming: { socket: { remoteAddress: address } } };
  return app.request(`http://${host}/metrics${query}`, { headers: { host, ...headers } }, socket);
}

const tokenOf = async () => {
  await api.auth.users.add({ user: "vera", password: "correct horse battery", role: "viewer" });
  const vera = await api.auth.signIn({ user: "vera", password: "correct horse battery" }, { address: "::1", userAgent: null });
  if (!vera.ok) throw new Error(vera.code);
  const made = await api.auth.tokens.make({ name: "prometheus", role: "viewer", days: null }, vera.session);
  if (!made.ok) throw new Error(made.code);
  return { cookie: `qd_session=${vera.token}`, token: made.token, id: made.id, session: vera.session };
};

describe("who may read the metrics", () => {
  it.each([
    { address: "127.0.0.1", host: "127.0.0.1:3000" },
    { address: "127.0.0.1", host: "localhost:3000" },
    { address: "::1", host: "[::1]:3000" },
    { address: "::ffff:127.0.0.1", host: "127.0.0.1:3000" },
  ])("a program of the console's own machine, without a token: $address, $host", async (from) => {
    const response = await ask(from);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.text()).toContain("ha_cluster_drbd_resources{");
  });

  it.each<[string, From]>([
    ["another machine", { address: "192.0.2.7", host: "console.example:3000" }],
    ["another machine that calls itself by our name", { address: "192.0.2.7" }],
    ["a proxy that says whom it asks for", { headers: { "x-forwarded-for": "192.0.2.7" } }],
    ["a proxy in newer words", { headers: { forwarded: "for=192.0.2.7" } }],
    ["a proxy that says only that it is one", { headers: { via: "1.1 proxy" } }],
    ["a proxy that says nothing, known by the address people use", { publicUrl: "https://console.example" }],
    ["a page whose name was made to point here", { host: "evil.example:3000" }],
    ["a page in a browser of this machine", { headers: { "sec-fetch-site": "cross-site" } }],
    ["a page in an older browser", { headers: { origin: "http://evil.example" } }],
    ["somebody with a wrong token, on this machine too", { headers: { authorization: "Bearer qdt_nonsense" } }],
  ])("not %s", async (_, from) => {
    const response = await ask(from);
    expect(response.status).toBe(401);
    const { error } = ErrorBody.parse(await response.json());
    expect(error).toMatchObject({ code: "AUTH_REQUIRED", message: expect.stringContaining("API token") });
    expect(looks).toBe(0);
  });

  it("whoever has an API token, until it is revoked; never a browser's session", async () => {
    const { cookie, token, id, session } = await tokenOf();
    const elsewhere = { address: "192.0.2.7", host: "console.example:3000" };
    expect((await ask({ ...elsewhere, headers: { cookie, "sec-fetch-site": "same-origin" } })).status).toBe(401);
    expect((await ask({ ...elsewhere, headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    expect((await ask({ headers: { authorization: `Bearer ${token}` }, publicUrl: "https://console.example" })).status).toBe(200);
    await api.auth.tokens.revoke(id, session);
    expect((await ask({ ...elsewhere, headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
  });
});

describe("what they say", () => {
  it("is a node's own words under its exporter's own labels, where a node is asked for", async () => {
    const text = await (await ask({ query: "?cluster=san-a&node=ruby" })).text();
    expect(text).toContain('ha_cluster_drbd_resources{resource="store",role="Primary",volume="0",disk_state="uptodate"} 1');
    expect(text).not.toMatch(/cluster=|instance=|quarterdeck_/);
  });

  it.each([
    ["?cluster=san-a&node=opal", 404],
    ["?cluster=san-x&node=ruby", 404],
    ["?cluster=san-a", 400],
    ["?cluster=san-a&node=ruby&more=1", 400],
  ])("is a refusal for %s", async (query, status) => {
    expect((await ask({ query })).status).toBe(status);
  });

  it("is computed once a second, however many ask", async () => {
    const shared = metrics();
    const first = await shared.text(null);
    for (let index = 0; index < 100; index += 1) {
      elapsedMs = index * 9.99;
      expect(await shared.text(null)).toBe(first);
      await shared.text({ cluster: "san-a", node: "ruby" });
    }
    expect(looks).toBe(1);
    elapsedMs = 1_000;
    await shared.text(null);
    expect(looks).toBe(2);
  });
});
