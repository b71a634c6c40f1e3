// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { UserRole } from "@/agent/protocol/console/api";
import { ErrorBody } from "@/agent/protocol/errors";
import { includesRole } from "@/server/auth/roles";
import { ROUTES } from "./app";
import { HOST, PASSWORD, type TestApi, testApi } from "./test-api";

let api: TestApi;
beforeEach(async () => {
  api = await testApi();
});
afterEach(() => api.remove());

const ROLES: readonly UserRole[] = ["viewer", "operator", "admin"];
const guarded = ROUTES.flatMap((route) =>
  route.needs === "nobody" || route.needs === "program" ? [] : [{ name: `${route.method} ${route.path}`, ...route }],
);
/** A path that matches the route, for something that is not there. */
const pathOf = (path: string) => path.replaceAll(/:\w+/g, "nothing");

async function codeOf(response: Response): Promise<string> {
  return ErrorBody.parse(await response.json()).error.code;
}

describe("the table of routes", () => {
  it("is everything the API answers", () => {
    const registered = api
      .with({})
      .routes.filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} ${path}`);
    expect(registered.sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
    expect(new Set(registered).size).toBe(registered.length);
  });

  it("leaves open to nobody in particular only signing in, the first admin, enrolment and the health check", () => {
    const open = ROUTES.filter(({ needs }) => needs === "nobody").map(({ method, path }) => `${method} ${path}`);
    expect(open.sort()).toEqual([
      "GET /healthz",
      "POST /api/v1/enroll",
      "POST /api/v1/enroll/proof",
      "POST /api/v1/session",
      "POST /api/v1/setup",
    ]);
  });

  it("lets programs without a person read the metrics, and nothing else", () => {
    expect(ROUTES.filter(({ needs }) => needs === "program").map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /metrics"]);
  });

  it.each(guarded)("$name refuses whoever is not signed in, a broken cookie and a broken token", async ({ method, path }) => {
    for (const headers of [
      {},
      { cookie: "qd_session=nonsense", "sec-fetch-site": "same-origin" },
      { authorization: "Bearer qdt_nonsense" },
    ]) {
      const response = await api.ask(method, pathOf(path), { headers: { ...headers } });
      expect(response.status).toBe(401);
      expect(await codeOf(response)).toBe("AUTH_REQUIRED");
    }
  });

  it.each(guarded)("$name refuses every lower role and lets its own through", async ({ method, path, needs }) => {
    for (const role of ROLES) {
      for (const by of ["cookie", "token"] as const) {
        const response = await api.ask(method, pathOf(path), { role, by, ...(method === "GET" ? {} : { text: "" }) });
        if (includesRole(role, needs)) expect([401, 403, 500]).not.toContain(response.status);
        else {
          expect(response.status).toBe(403);
          expect(await codeOf(response)).toBe("AUTH_ROLE");
        }
      }
    }
  });

  it.each(guarded.filter(({ method }) => method !== "GET"))(
    "$name refuses a cookie that another site's page sends",
    async ({ method, path }) => {
      const others: Record<string, string>[] = [
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site" },
        { "sec-fetch-site": "none" },
        { "sec-fetch-site": "cross-site", origin: `http://${HOST}` },
      ];
      for (const headers of others) {
        const response = await api.ask(method, pathOf(path), { role: "admin", headers });
        expect(await codeOf(response)).toBe("AUTH_ORIGIN");
        expect(response.status).toBe(403);
      }
    },
  );
});

describe("a request that changes something with a cookie", () => {
  const change = async (headers: Record<string, string>) => {
    const signedIn = await api.auth.signIn({ user: "anna", password: PASSWORD }, { address: "::1", userAgent: null });
    const cookie = signedIn.ok ? `qd_session=${signedIn.token}` : "";
    return (await api.ask("DELETE", "/api/v1/users/nothing", { headers: { cookie, ...headers } })).status;
  };
  beforeEach(async () => {
    await api.auth.users.add({ user: "anna", password: PASSWORD, role: "admin" });
  });

  it("is taken from our own pages, said by the origin or by the browser", async () => {
    expect(await change({ origin: `http://${HOST}` })).toBe(404);
    expect(await change({ "sec-fetch-site": "same-origin" })).toBe(404);
  });

  it("is refused when the origin is another, none or not said", async () => {
    expect(await change({ origin: "http://evil.example" })).toBe(403);
    expect(await change({ origin: "http://console.example" })).toBe(403);
    expect(await change({ origin: "null" })).toBe(403);
    expect(await change({})).toBe(403);
  });
});

describe("every answer", () => {
  it("is not kept, not guessed at and not framed, whatever its status", async () => {
    for (const path of ["/healthz", "/api/v1/session", "/api/v1/nothing"]) {
      const { headers } = await api.ask("GET", path);
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("content-security-policy")).toBe("default-src 'none'; frame-ancestors 'none'");
    }
  });

  it("says what is wrong as an ErrorBody: no such address, no JSON, a body that does not fit, one that is too large", async () => {
    const missing = await api.ask("GET", "/api/v1/nothing", { role: "admin" });
    expect([missing.status, await codeOf(missing)]).toEqual([404, "API_NOT_FOUND"]);
    const noJson = await api.ask("POST", "/api/v1/clusters", { role: "admin", text: "{" });
    expect([noJson.status, await codeOf(noJson)]).toEqual([400, "API_BAD_REQUEST"]);
    const misfit = await api.ask("POST", "/api/v1/clusters", { role: "admin", body: { slug: "No Slug" } });
    expect([misfit.status, await codeOf(misfit)]).toEqual([400, "API_BAD_REQUEST"]);
    const large = await api.ask("POST", "/api/v1/session", { text: "x".repeat(64 * 1_024 + 1) });
    expect([large.status, await codeOf(large)]).toEqual([413, "API_TOO_LARGE"]);
  });

  it("tells the log and not the person why the console failed", async () => {
    const broken = api.with({
      viewOf: () => {
        throw new Error("the secret reason");
      },
    });
    await api.auth.users.add({ user: "vera", password: PASSWORD, role: "viewer" });
    const signedIn = await api.auth.signIn({ user: "vera", password: PASSWORD }, { address: "::1", userAgent: null });
    const cookie = signedIn.ok ? `qd_session=${signedIn.token}` : "";
    const response = await broken.request("/api/v1/clusters/san-a", { headers: { cookie } });
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).toContain("API_FAILED");
    expect(text).not.toContain("secret reason");
    expect(api.logged).toEqual(["GET /api/v1/clusters/san-a failed."]);
  });
});
