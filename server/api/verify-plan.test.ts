// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { VerifySchedule, VerifyScheduleList } from "@/agent/protocol/console/verify";
import { VerifyCalendar, VerifyWindows } from "@/agent/protocol/console/verify-plan";
import { ErrorBody } from "@/agent/protocol/errors";
import { notBegun } from "@/server/verify/keeper-deps";
import { linked } from "@/server/verify/test-mirrors";
import { WEEKLY } from "@/server/verify/test-planning";
import { NOW_MS, type TestApi, testApi } from "./test-api";

let api: TestApi;
beforeEach(async () => {
  api = await testApi();
  await api.db.clusters.addCluster({ slug: "san-a", title: "SAN A", environment: null });
  api.views.set("san-a", new Map([...linked("store", ["ruby", "10.0.0.1"], ["crystal", "10.0.0.2"])]));
});
afterEach(() => api.remove());

const STORE = { ...WEEKLY, mirrors: ["store/0"] };
const BASE = "/api/v1/verify/schedules";
const refusalOf = async (response: Response) => ErrorBody.parse(await response.json()).error;

describe("schedules", () => {
  it("are made by operators, seen by viewers, and removed by whom they belong to", async () => {
    expect((await api.ask("POST", BASE, { role: "viewer", body: STORE })).status).toBe(403);
    const response = await api.ask("POST", BASE, { role: "operator", body: STORE });
    expect(response.status).toBe(201);
    const made = VerifySchedule.parse(await response.json());
    expect(made).toMatchObject({ ...STORE, owner: "otto", createdAtMs: NOW_MS, last: null });
    const listed = VerifyScheduleList.parse(await (await api.ask("GET", BASE, { role: "viewer" })).json());
    expect(listed.schedules).toEqual([made]);
    const changed = await api.ask("PUT", `${BASE}/${made.id}`, { role: "admin", body: { ...STORE, isPaused: true } });
    expect(VerifySchedule.parse(await changed.json())).toMatchObject({ owner: "otto", isPaused: true, next: null });
    expect((await api.ask("DELETE", `${BASE}/${made.id}`, { role: "operator" })).status).toBe(204);
    expect((await api.ask("DELETE", `${BASE}/${made.id}`, { role: "operator" })).status).toBe(404);
  });

  it.each([
    ["of a bad pattern", { cron: "every sunday" }, 400, "SCHEDULE_TIMES", "five fields"],
    ["of an unknown zone", { zone: "Mars/Base" }, 400, "SCHEDULE_TIMES", "There is no time zone Mars/Base"],
    ["longer than their period", { cron: "0 * * * *" }, 400, "SCHEDULE_TIMES", "longer than the time to its next opening"],
    ["of no such mirror", { mirrors: ["store"] }, 404, "MIRROR_UNKNOWN", 'name it with its volume, "store/0"'],
    ["of no such cluster", { cluster: "san-b" }, 404, "CLUSTER_UNKNOWN", "There is no cluster san-b"],
  ])("%s are refused with a sentence", async (_, change, status, code, says) => {
    const response = await api.ask("POST", BASE, { role: "operator", body: { ...STORE, ...change } });
    expect(response.status).toBe(status);
    expect(await refusalOf(response)).toEqual({ code, message: expect.stringContaining(says) });
  });

  it("are shown as what they come to before they are saved", async () => {
    const { cron, zone, windowMinutes } = WEEKLY;
    const response = await api.ask("POST", `${BASE}/windows`, { role: "viewer", body: { cron, zone, windowMinutes } });
    const windows = VerifyWindows.parse(await response.json());
    expect(windows.says).toBe("Sundays 02:00 to 06:00, Europe/Berlin");
    expect(windows.windows).toHaveLength(3);
    const bad = await api.ask("POST", `${BASE}/windows`, { role: "viewer", body: { cron: "61 2 * * *", zone, windowMinutes } });
    expect(bad.status).toBe(400);
  });
});

describe("the calendar", () => {
  const between = (fromMs: number, toMs: number) => api.ask("GET", `/api/v1/verify/calendar?from=${fromMs}&to=${toMs}`, { role: "viewer" });
  const WEEK_MS = 7 * 86_400_000;

  it("has the runs that began and the windows that open between two moments", async () => {
    const made = VerifySchedule.parse(await (await api.ask("POST", BASE, { role: "operator", body: STORE })).json());
    const says = "Not started: it is not connected.";
    await api.verifies.refused(
      notBegun({ cluster: "san-a", resource: "store", volume: 0, owner: "otto", schedule: made.id }, says, NOW_MS),
      [],
    );
    const calendar = VerifyCalendar.parse(await (await between(NOW_MS - WEEK_MS, NOW_MS + WEEK_MS)).json());
    expect(calendar.runs).toMatchObject([{ resource: "store", result: "refused", cause: "schedule", by: "otto", says }]);
    expect(calendar.due).toEqual([{ ...made.next, schedule: made.id, cluster: "san-a", mirrors: ["store/0"] }]);
    const later = VerifyCalendar.parse(await (await between(NOW_MS + 1, NOW_MS + 2)).json());
    expect([later.runs, later.due]).toEqual([[], []]);
  });

  it("does not take what is no stretch of time, or a long one", async () => {
    expect((await between(NOW_MS, NOW_MS)).status).toBe(400);
    expect((await between(0, NOW_MS)).status).toBe(400);
    expect((await api.ask("GET", "/api/v1/verify/calendar", { role: "viewer" })).status).toBe(400);
  });
});

describe("the queue", () => {
  const QUEUED = { cluster: "san-a", resource: "store", volume: 0, accept: [] };

  it("takes a mirror once, and gives it back", async () => {
    expect((await api.ask("POST", "/api/v1/verify/queue", { role: "viewer", body: QUEUED })).status).toBe(403);
    const response = await api.ask("POST", "/api/v1/verify/queue", { role: "operator", body: QUEUED });
    expect(response.status).toBe(201);
    const unknown = await api.ask("POST", "/api/v1/verify/queue", { role: "operator", body: { ...QUEUED, resource: "gone" } });
    expect(await refusalOf(unknown)).toMatchObject({ code: "MIRROR_UNKNOWN" });
    expect((await api.ask("DELETE", "/api/v1/verify/queue/none", { role: "operator" })).status).toBe(404);
  });
});
