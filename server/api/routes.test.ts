// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AgentList, ClusterDetail, ClusterList, Enrollment, EnrollmentList, Health, SessionInfo } from "@/agent/protocol/console/api";
import { ApiTokenList, ApiTokenMade, SessionList, UserList } from "@/agent/protocol/console/people";
import { ErrorBody } from "@/agent/protocol/errors";
import { EnrollAnswer } from "@/agent/protocol/messages";
import { addTestAgent } from "@/server/db/temporary-database";
import { HOST, NOW_MS, PASSWORD, SOCKET, type TestApi, testApi } from "./test-api";
import { clusterEntity, nodeEntity, viewOf } from "./test-view";

let api: TestApi;
beforeEach(async () => {
  api = await testApi();
});
afterEach(() => api.remove());

const session = (response: Response) => (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "";

describe("sessions", () => {
  it("are opened by the first admin's setup and by signing in, shown, and closed by signing out", async () => {
    const code = await api.auth.newSetupCode();
    const setup = await api.ask("POST", "/api/v1/setup", { body: { code, user: "anna", password: PASSWORD } });
    expect(SessionInfo.parse(await setup.json())).toEqual({ user: "anna", role: "admin", expiresAtMs: NOW_MS + 43_200_000 });
    expect(setup.headers.get("set-cookie")).toMatch(/^qd_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200$/);

    const signedIn = await api.ask("POST", "/api/v1/session", { body: { user: "anna", password: PASSWORD } });
    const cookie = session(signedIn);
    expect(SessionInfo.parse(await (await api.ask("GET", "/api/v1/session", { headers: { cookie } })).json()).user).toBe("anna");
    const out = await api.ask("DELETE", "/api/v1/session", { headers: { cookie, origin: `http://${HOST}` } });
    expect(out.status).toBe(204);
    expect(out.headers.get("set-cookie")).toContain("qd_session=; ");
    expect((await api.ask("GET", "/api/v1/session", { headers: { cookie } })).status).toBe(401);
    expect((await api.ask("GET", "/api/v1/session", { headers: { cookie: session(setup) } })).status).toBe(200);
  });

  it("have a cookie for TLS only where the console is reached by TLS", async () => {
    await api.auth.users.add({ user: "anna", password: PASSWORD, role: "admin" });
    const app = api.with({ origin: () => "https://console.example" });
    const body = JSON.stringify({ user: "anna", password: PASSWORD });
    const response = await app.request("/api/v1/session", { method: "POST", body }, SOCKET);
    expect(response.headers.get("set-cookie")).toContain("; Secure");
  });

  it("are not opened for another site's page", async () => {
    const headers = { origin: "http://evil.example" };
    const response = await api.ask("POST", "/api/v1/session", { headers, body: { user: "anna", password: PASSWORD } });
    expect(response.status).toBe(403);
  });

  it("are refused after too many failures, with when to try again", async () => {
    const attempt = () => api.ask("POST", "/api/v1/session", { body: { user: "anna", password: "wrong" } });
    for (let i = 0; i < 10; i++) expect((await attempt()).status).toBe(401);
    const refused = await attempt();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  it("are not what an API token signs out of", async () => {
    expect((await api.ask("DELETE", "/api/v1/session", { role: "admin", by: "token" })).status).toBe(400);
  });
});

describe("clusters", () => {
  it("are added once and told to the console", async () => {
    const cluster = { slug: "san-a", title: "SAN A", environment: "PROD" };
    expect((await api.ask("POST", "/api/v1/clusters", { role: "admin", body: cluster })).status).toBe(201);
    expect((await api.ask("POST", "/api/v1/clusters", { role: "admin", body: cluster })).status).toBe(409);
    expect(api.added).toEqual([cluster]);
  });

  it("are listed with their verdict, and as unknown while nothing is known", async () => {
    await api.db.clusters.addCluster({ slug: "san-a", title: "SAN A", environment: "PROD" });
    await api.db.clusters.addCluster({ slug: "san-b", title: "SAN B", environment: null });
    api.views.set("san-a", viewOf(clusterEntity, nodeEntity("ruby", { lastWordAtMs: NOW_MS - 400 })));
    const list = ClusterList.parse(await (await api.ask("GET", "/api/v1/clusters", { role: "viewer" })).json());
    expect(list.atMs).toBe(NOW_MS);
    expect(list.clusters).toEqual([
      {
        slug: "san-a",
        title: "SAN A",
        environment: "PROD",
        level: "ok",
        headline: "Nothing known is wrong",
        why: null,
        sinceMs: 1_000,
        nodes: [{ name: "ruby", role: "member", link: "live", state: "online", lastWordAtMs: NOW_MS - 400, ageMs: 400 }],
      },
      expect.objectContaining({ slug: "san-b", level: "unknown", headline: "Nothing is known of SAN B yet.", nodes: [] }),
    ]);
  });

  it("are shown whole, each value with its sources", async () => {
    api.views.set("san-a", viewOf(clusterEntity, nodeEntity("ruby", { lastWordAtMs: NOW_MS - 400 })));
    const detail = ClusterDetail.parse(await (await api.ask("GET", "/api/v1/clusters/san-a", { role: "viewer" })).json());
    expect(detail.entities.map(({ key }) => key)).toEqual(["cluster", "node:ruby"]);
    for (const { from } of detail.entities) {
      expect(from).toContainEqual({ node: "ruby", source: "link", freshness: "live", takenAtMs: NOW_MS - 400, ageMs: 400 });
    }
    expect((await api.ask("GET", "/api/v1/clusters/san-x", { role: "viewer" })).status).toBe(404);
  });
});

describe("a cluster in the settings", () => {
  const sanA = { slug: "san-a", title: "SAN A", environment: null };
  beforeEach(() => api.db.clusters.addCluster(sanA));

  it("gets another title and environment; its slug stays", async () => {
    const change = { title: "Storage, cellar", environment: "PROD" };
    expect((await api.ask("PUT", "/api/v1/clusters/san-a", { role: "admin", body: { ...change, slug: "other" } })).status).toBe(200);
    expect(await api.db.clusters.listClusters()).toEqual([{ slug: "san-a", ...change }]);
    expect(api.changed).toEqual([{ slug: "san-a", ...change }]);
    expect((await api.ask("PUT", "/api/v1/clusters/san-x", { role: "admin", body: change })).status).toBe(404);
    expect(
      (await api.ask("PUT", "/api/v1/clusters/san-a", { role: "admin", body: { ...change, environment: "x".repeat(13) } })).status,
    ).toBe(400);
  });

  it("is not removed while an agent of it is trusted, and says whose", async () => {
    const agent = await addTestAgent(api.db, "ruby");
    const refused = await api.ask("DELETE", "/api/v1/clusters/san-a", { role: "admin" });
    expect(refused.status).toBe(409);
    const { error } = ErrorBody.parse(await refused.json());
    expect(error).toMatchObject({ code: "CLUSTER_HAS_AGENTS", message: expect.stringContaining("ruby") });
    expect(api.removed).toEqual([]);
    await api.auth.agents.endTrust(agent);
    expect((await api.ask("DELETE", "/api/v1/clusters/san-a", { role: "admin" })).status).toBe(204);
    expect(api.removed).toEqual(["san-a"]);
    expect([await api.db.clusters.listClusters(), await api.db.agents.listAgents()]).toEqual([[], []]);
    expect((await api.ask("DELETE", "/api/v1/clusters/san-a", { role: "admin" })).status).toBe(404);
  });

  it("takes its history with it, and nobody else's", async () => {
    await api.db.clusters.addCluster({ ...sanA, slug: "san-b" });
    const event = { atMs: 1, node: null, source: null, subject: "s", text: "t", level: "ok" as const, by: "console" };
    for (const slug of ["san-a", "san-b"]) {
      await api.db.events.addEvents(slug, [event]);
      await api.db.events.saveFindings(slug, new Map([["f", { sinceMs: 1, title: null, subject: null, node: null, witnesses: null }]]), []);
      await api.auth.agents.newEnrollment({ cluster: slug, node: "ruby", role: "member" }, "anna");
    }
    expect((await api.ask("DELETE", "/api/v1/clusters/san-a", { role: "admin" })).status).toBe(204);
    expect(await api.db.events.recentEvents("san-a", 9)).toEqual([]);
    expect(await api.db.events.recentEvents("san-b", 9)).toHaveLength(1);
    expect([...(await api.db.events.loadFindings()).keys()]).toEqual(["san-b"]);
    expect((await api.auth.agents.openEnrollments()).map(({ cluster }) => cluster)).toEqual(["san-b"]);
  });
});

describe("agents", () => {
  const publicKey = () => generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "der" }).subarray(-32).toString("base64");
  async function newToken(node: string): Promise<string> {
    const body = { cluster: "san-a", node, role: "member" };
    const made = Enrollment.parse(await (await api.ask("POST", "/api/v1/enrollments", { role: "admin", body })).json());
    expect(made.command).toBe(`quarterdeck-agent enroll --console http://${HOST} --token ${made.token}`);
    expect(made.expiresAtMs).toBe(NOW_MS + 3_600_000);
    return made.token;
  }
  const enroll = (token: string, node: string) =>
    api.ask("POST", "/api/v1/enroll", { body: { token, node, publicKey: publicKey(), agentVersion: "0.1.0" } });
  const agents = async () => AgentList.parse(await (await api.ask("GET", "/api/v1/agents", { role: "viewer" })).json()).agents;

  beforeEach(async () => {
    await api.db.clusters.addCluster({ slug: "san-a", title: "SAN A", environment: null });
  });

  it("are enrolled with the command's token, listed with their link, and lose their trust", async () => {
    const answer = EnrollAnswer.parse(await (await enroll(await newToken("ruby"), "ruby")).json());
    expect(answer).toMatchObject({ cluster: "san-a", role: "member", consoleKey: api.auth.consoleKey.publicKey });
    expect(await agents()).toEqual([expect.objectContaining({ id: answer.agentId, link: "never", lastWordAtMs: null, ageMs: null })]);

    api.views.set("san-a", viewOf(nodeEntity("ruby", { link: "stale", lastWordAtMs: NOW_MS - 5_000, agentVersion: "0.2.0" })));
    expect(await agents()).toEqual([expect.objectContaining({ link: "stale", ageMs: 5_000, agentVersion: "0.2.0" })]);

    expect((await api.ask("DELETE", `/api/v1/agents/${answer.agentId}`, { role: "admin" })).status).toBe(204);
    expect(await agents()).toEqual([expect.objectContaining({ link: "lost", lastWordAtMs: null, trustEndedAtMs: NOW_MS })]);
  });

  it("get a label, which the next agent of the same node takes over, and say who enrolled them", async () => {
    const { agentId } = EnrollAnswer.parse(await (await enroll(await newToken("ruby"), "ruby")).json());
    const label = (value: unknown) => api.ask("PUT", `/api/v1/agents/${agentId}`, { role: "admin", body: { label: value } });
    expect((await label(" rack 4, left ")).status).toBe(204);
    expect(await agents()).toEqual([expect.objectContaining({ label: "rack 4, left", enrolledBy: "anna" })]);
    expect((await label("")).status).toBe(400);
    await enroll(await newToken("ruby"), "ruby");
    expect((await agents()).map((agent) => agent.label)).toEqual(["rack 4, left", "rack 4, left"]);
    // The first agent lost its trust to the second: it is nothing to be labelled.
    expect((await label("rack 5")).status).toBe(404);
  });

  it("have commands that are listed while they can be used, and are withdrawn", async () => {
    const open = async () =>
      EnrollmentList.parse(await (await api.ask("GET", "/api/v1/enrollments", { role: "admin" })).json()).enrollments;
    const token = await newToken("ruby");
    const [made] = await open();
    expect(made).toMatchObject({ cluster: "san-a", node: "ruby", role: "member", createdBy: "anna" });
    expect((await api.ask("DELETE", `/api/v1/enrollments/${made?.id}`, { role: "admin" })).status).toBe(204);
    expect(await open()).toEqual([]);
    expect((await enroll(token, "ruby")).status).toBe(403);
    expect((await api.ask("DELETE", `/api/v1/enrollments/${made?.id}`, { role: "admin" })).status).toBe(404);
    const used = await newToken("opal");
    await enroll(used, "opal");
    expect(await open()).toEqual([]);
  });

  it("are refused with a token that was used, and for a cluster that does not exist", async () => {
    const token = await newToken("ruby");
    expect((await enroll(token, "ruby")).status).toBe(200);
    expect((await enroll(token, "ruby")).status).toBe(403);
    const body = { cluster: "san-x", node: "ruby", role: "member" };
    expect((await api.ask("POST", "/api/v1/enrollments", { role: "admin", body })).status).toBe(404);
  });
});

describe("people", () => {
  it("are added, changed and removed, and their password hashes never leave", async () => {
    const body = { user: "otto", password: PASSWORD, role: "viewer" };
    const added = await api.ask("POST", "/api/v1/users", { role: "admin", body });
    expect(added.status).toBe(201);
    const text = await added.text();
    expect(text).not.toContain("argon2");
    const otto = UserList.parse(JSON.parse(text)).users.find(({ name }) => name === "otto");
    const path = `/api/v1/users/${otto?.id}`;
    expect((await api.ask("PUT", path, { role: "admin", body: { role: "operator" } })).status).toBe(204);
    expect((await api.auth.users.list()).find(({ name }) => name === "otto")?.role).toBe("operator");
    expect((await api.ask("DELETE", path, { role: "admin" })).status).toBe(204);
    expect((await api.ask("DELETE", path, { role: "admin" })).status).toBe(404);
  });

  it("get nothing from an API token that would outlive it, and may be kept out by one", async () => {
    const body = { user: "mallory", password: PASSWORD, role: "admin" };
    const by = { role: "admin", by: "token" } as const;
    expect((await api.ask("POST", "/api/v1/users", { ...by, body })).status).toBe(409);
    await api.auth.users.add({ user: "otto", password: PASSWORD, role: "viewer" });
    const path = `/api/v1/users/${(await api.auth.users.list()).find(({ name }) => name === "otto")?.id}`;
    for (const change of [{ role: "admin" }, { password: "another long password" }, { disabled: false }])
      expect((await api.ask("PUT", path, { ...by, body: change })).status).toBe(409);
    expect((await api.ask("PUT", path, { ...by, body: { disabled: true } })).status).toBe(204);
  });

  it("need a password of twelve characters", async () => {
    const body = { user: "otto", password: "too short", role: "viewer" };
    expect((await api.ask("POST", "/api/v1/users", { role: "admin", body })).status).toBe(400);
  });

  it("make API tokens whose text is shown once and whose hash never, and revoke them", async () => {
    const made = await api.ask("POST", "/api/v1/tokens", { role: "admin", body: { name: "ci", role: "viewer", days: 30 } });
    const { id, token } = ApiTokenMade.parse(await made.json());
    const use = () => api.ask("GET", "/api/v1/clusters", { headers: { authorization: `Bearer ${token}` } });
    expect((await use()).status).toBe(200);
    const list = await (await api.ask("GET", "/api/v1/tokens", { role: "admin" })).text();
    expect(list).not.toContain(token);
    expect(Object.keys(ApiTokenList.parse(JSON.parse(list)).tokens[0] ?? {})).not.toContain("tokenHash");
    expect(list).not.toMatch(/[0-9a-f]{64}/);
    expect((await api.ask("DELETE", `/api/v1/tokens/${id}`, { role: "admin" })).status).toBe(204);
    expect((await use()).status).toBe(401);
  });
});

describe("one's own settings", () => {
  it("are there for every role: sessions, tokens, the password", async () => {
    await api.auth.users.add({ user: "anna", password: PASSWORD, role: "admin" });
    const sessions = async (role: "viewer" | "admin") =>
      SessionList.parse(await (await api.ask("GET", "/api/v1/sessions", { role })).json()).sessions;
    const own = await sessions("viewer");
    expect(own).toMatchObject([{ user: "vera", role: "viewer", isThis: true, address: "::1" }]);
    expect((await api.ask("DELETE", `/api/v1/sessions/${own[0]?.id}`, { role: "operator" })).status).toBe(404);
    const wanted = { name: "mine", role: "viewer", days: 1 };
    expect((await api.ask("POST", "/api/v1/tokens", { role: "viewer", body: wanted })).status).toBe(201);
    expect((await api.ask("POST", "/api/v1/tokens", { role: "viewer", body: { ...wanted, role: "operator" } })).status).toBe(409);
    expect((await api.ask("POST", "/api/v1/tokens", { role: "viewer", body: { ...wanted, owner: "anna" } })).status).toBe(409);
    const body = { current: "not the password", password: "another long password" };
    expect((await api.ask("PUT", "/api/v1/password", { role: "viewer", body })).status).toBe(409);
    expect((await api.ask("PUT", "/api/v1/password", { role: "viewer", body: { ...body, current: PASSWORD } })).status).toBe(204);
    expect((await api.ask("PUT", "/api/v1/password", { role: "viewer", by: "token", body })).status).toBe(400);
    expect((await api.ask("DELETE", `/api/v1/sessions/${own[0]?.id}`, { role: "viewer" })).status).toBe(204);
    expect((await api.ask("GET", "/api/v1/session", { role: "viewer" })).status).toBe(401);
  });

  it("are not in the hands of a token that says less than an admin: it ends no session, and revokes itself only", async () => {
    const [own] = SessionList.parse(await (await api.ask("GET", "/api/v1/sessions", { role: "viewer" })).json()).sessions;
    const made = await api.ask("POST", "/api/v1/tokens", { role: "viewer", body: { name: "other", role: "viewer", days: 1 } });
    const { id } = ApiTokenMade.parse(await made.json());
    const by = { role: "viewer", by: "token" } as const;
    expect((await api.ask("DELETE", `/api/v1/sessions/${own?.id}`, by)).status).toBe(404);
    expect((await api.ask("DELETE", `/api/v1/tokens/${id}`, by)).status).toBe(404);
    const list = ApiTokenList.parse(await (await api.ask("GET", "/api/v1/tokens", by)).json()).tokens;
    const itself = list.find((token) => token.id !== id);
    expect((await api.ask("DELETE", `/api/v1/tokens/${itself?.id}`, by)).status).toBe(204);
  });

  it("never hold a hash of anything", async () => {
    for (const path of ["users", "sessions", "tokens"]) {
      const text = await (await api.ask("GET", `/api/v1/${path}`, { role: "admin" })).text();
      expect(text).toContain("anna");
      expect(text).not.toMatch(/argon2|[0-9a-f]{64}/);
    }
  });

  it("do not hold anybody else's tokens", async () => {
    await api.ask("POST", "/api/v1/tokens", { role: "admin", body: { name: "annas", role: "admin", days: null } });
    const list = ApiTokenList.parse(await (await api.ask("GET", "/api/v1/tokens", { role: "viewer" })).json()).tokens;
    expect(list.map(({ owner }) => owner)).toEqual(["vera"]);
    const all = ApiTokenList.parse(await (await api.ask("GET", "/api/v1/tokens", { role: "admin" })).json()).tokens;
    expect(new Set(all.map(({ owner }) => owner))).toEqual(new Set(["anna", "vera"]));
  });
});

describe("the health check", () => {
  it("counts agents with a live link and clusters, and says nothing else", async () => {
    api.views.set("san-a", viewOf(nodeEntity("ruby", {}), nodeEntity("crystal", { link: "stale" })));
    const body = await (await api.ask("GET", "/healthz")).json();
    expect(Health.parse(body)).toEqual(body);
    expect(body).toEqual({ status: "ok", agents: 1, clusters: 1 });
  });

  it("fails when the database fails, and when it does not answer", async () => {
    const failing = api.with({ db: { ...api.db, ping: () => Promise.reject(new Error("disk")) } });
    expect((await failing.request("/healthz")).status).toBe(503);
    const hanging = api.with({ db: { ...api.db, ping: () => new Promise(() => undefined) } });
    const response = await hanging.request("/healthz");
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ error: { code: "HEALTH_DATABASE", message: "The database does not answer." } });
  });
});
