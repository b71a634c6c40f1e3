// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { VerifyOverview, VerifyPage, type VerifySummary } from "@/agent/protocol/console/verify";
import type { FollowedRun } from "@/server/verify/run-state";
import { NOW_MS, type TestApi, testApi } from "./test-api";
import { clusterEntity, viewOf } from "./test-view";
import { verifyCsvLine } from "./verify-csv";

const DAY_MS = 86_400_000;

function run(id: string, change: Partial<VerifySummary> = {}): FollowedRun {
  return {
    summary: {
      id,
      cluster: "san-a",
      resource: "store",
      volume: 0,
      starter: "ruby",
      peer: "crystal",
      cause: "node",
      by: null,
      run: null,
      schedule: null,
      startedAtMs: NOW_MS - DAY_MS,
      endedAtMs: NOW_MS - DAY_MS + 60_000,
      result: "clean",
      percent: 100,
      says: "Clean: 1 GiB compared in 1 min, nothing differs.",
      sizeBytes: 2 ** 30,
      rateBytesPerSec: null,
      differsBytes: 0,
      outOfSync: [],
      ...change,
    },
    pair: "crystal+ruby",
    revision: 1,
    algorithm: null,
    versions: [],
    accepted: [],
    sides: [],
    lines: 0,
    stoppedBy: null,
    heardAtMs: NOW_MS,
    endingSinceMs: null,
  };
}

let api: TestApi;
beforeEach(async () => {
  api = await testApi();
  await api.db.clusters.addCluster({ slug: "san-a", title: "SAN A", environment: null });
  api.views.set("san-a", viewOf(clusterEntity));
});
afterEach(() => api.remove());

const keep = (...runs: FollowedRun[]) => api.db.verifies.save("san-a", { runs, ranges: [], lines: [] }, []);
const get = (path: string) => api.ask("GET", path, { role: "viewer" });

describe("the records of a cluster", () => {
  it("come newest first, page by page, each once, also where many began at the same moment", async () => {
    await keep(...Array.from({ length: 120 }, (_, place) => run(`v-${String(place).padStart(3, "0")}`)));
    const ids: string[] = [];
    let before: string | null = null;
    do {
      const page = VerifyPage.parse(await (await get(`/api/v1/clusters/san-a/verifies${before ? `?before=${before}` : ""}`)).json());
      ids.push(...page.records.map(({ id }) => id));
      before = page.next;
    } while (before !== null);
    expect(ids).toHaveLength(120);
    expect(new Set(ids).size).toBe(120);
  });

  it("are those of one mirror where it is asked for", async () => {
    await keep(run("a"), run("b", { resource: "mail" }), run("c", { volume: 1 }));
    const page = VerifyPage.parse(await (await get("/api/v1/clusters/san-a/verifies?mirror=store/0")).json());
    expect(page.records.map(({ id }) => id)).toEqual(["a"]);
  });

  it.each([
    ["/api/v1/clusters/nowhere/verifies", 404],
    ["/api/v1/clusters/san-a/verifies?mirror=store", 400],
    ["/api/v1/clusters/san-a/verifies?before=1%27%20OR%201", 400],
    ["/api/v1/verifies/unheard-of", 404],
  ])("%s is answered with %i", async (path, status) => {
    expect((await get(path)).status).toBe(status);
  });

  it("an older version that is written late does not take an end back", async () => {
    await keep({ ...run("a"), revision: 7 });
    await keep({ ...run("a", { endedAtMs: null, result: null }), revision: 6 });
    expect(await api.db.verifies.open()).toMatchObject({ runs: [] });
  });

  it("are gone with their cluster", async () => {
    await keep(run("a"));
    await api.db.verifies.save("san-a", { runs: [], ranges: [{ run: "a", node: "ruby", startSector: 0, sectors: 8 }], lines: [] }, []);
    expect(await api.db.clusters.removeCluster("san-a")).toEqual({ did: "done" });
    expect(await api.db.verifies.ranges("a")).toEqual([]);
    expect(await api.db.verifies.byId("a")).toBeNull();
  });
});

describe("the overview", () => {
  it("says the limit, and names no mirror that no view has", async () => {
    await keep(run("a"));
    const overview = VerifyOverview.parse(await (await get("/api/v1/verify")).json());
    expect(overview).toEqual({ atMs: NOW_MS, limitDays: 30, mirrors: [], queue: [] });
  });

  it("is nothing for who is not signed in", async () => {
    expect((await api.ask("GET", "/api/v1/verify")).status).toBe(401);
  });
});

describe("the export", () => {
  it("as JSON has a record in each line; as CSV a head first", async () => {
    await keep(run("a"), run("b", { startedAtMs: NOW_MS }));
    const json = await (await get("/api/v1/verify/export")).text();
    expect(
      json
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).id),
    ).toEqual(["b", "a"]);
    const csv = (await (await get("/api/v1/verify/export?format=csv")).text()).trim().split("\n");
    expect(csv[0]).toMatch(/^startedAt,endedAt,cluster,/);
    expect(csv).toHaveLength(3);
  });

  it.each(["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", " =1"])("no cell is a formula: %s", (resource) => {
    expect(verifyCsvLine(run("a", { resource }).summary)).toContain(`"'${resource}"`);
  });

  it("quotes and line ends of names stay within their cell", () => {
    expect(verifyCsvLine(run("a", { by: 'a "b",\nc' }).summary)).toContain('"a ""b"",\nc"');
  });
});
