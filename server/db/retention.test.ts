// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connectSqlite } from "./connection";
import { eventRecords } from "./events";
import type { PrismaClient } from "./generated/client";
import { migrate } from "./migrate";
import { prune, RETENTION } from "./retention";
import { sqliteTarget } from "./sqlite-target";
import { MIGRATIONS } from "./temporary-database";

const NOW_MS = 1_795_182_515_980;
let folder = "";
let prisma: PrismaClient;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "quarterdeck-retention-"));
  await migrate(sqliteTarget(path.join(folder, "database.db")), MIGRATIONS);
  prisma = await connectSqlite(path.join(folder, "database.db"));
  for (const slug of ["san-a", "san-b"]) await prisma.cluster.create({ data: { slug, title: slug } });
});
afterEach(async () => {
  await prisma.$disconnect();
  await rm(folder, { recursive: true, force: true });
});

async function addEvents(slug: string, timesMs: readonly number[]): Promise<void> {
  const words = { node: null, source: null, subject: "s", level: "ok" as const, by: "console" };
  await eventRecords(prisma).addEvents(
    slug,
    timesMs.map((atMs) => ({ ...words, atMs, text: `at ${atMs}` })),
  );
}
const eventTimes = async (slug: string) => (await eventRecords(prisma).recentEvents(slug, 99)).map(({ atMs }) => atMs);

describe("what is kept long enough goes", () => {
  it("verifies only beyond a cluster's count, the oldest first, with their places, and none that runs", async () => {
    const of = { clusterSlug: "san-a", resource: "store", volume: 0, pair: "crystal+ruby", result: null, revision: 1, body: "{}" };
    for (const [id, at] of [
      ["running", 1],
      ["old", 2],
      ["new", 3],
    ] as const) {
      await prisma.verify.create({ data: { ...of, id, startedAtMs: BigInt(at), endedAtMs: id === "running" ? null : BigInt(at) } });
      await prisma.verifyBlocks.create({ data: { verifyId: id, startSector: 0n, sectors: 8n } });
    }
    await prune(prisma, NOW_MS, { ...RETENTION, verifiesPerCluster: 1 });
    expect((await prisma.verify.findMany({ orderBy: { id: "asc" } })).map(({ id }) => id)).toEqual(["new", "running"]);
    expect(await prisma.verifyBlocks.count()).toBe(2);
  });

  it("fencings beyond a cluster's count, and stretches of services that ended before the longest window, none that lasts", async () => {
    const of = { clusterSlug: "san-a", node: "ruby", endedAtMs: 3n, revision: 0, body: "{}" };
    for (const at of [1, 2, 3]) await prisma.incident.create({ data: { ...of, id: `i${at}`, openedAtMs: BigInt(at) } });
    const span = { clusterSlug: "san-a", state: "up", why: null, node: null };
    const limitMs = BigInt(NOW_MS - RETENTION.spansMs);
    for (const [service, toMs] of [
      ["old", limitMs - 1n],
      ["young", limitMs],
      ["lasting", null],
    ] as const) {
      await prisma.serviceSpan.create({ data: { ...span, service, fromMs: 1n, toMs } });
    }
    await prune(prisma, NOW_MS, { ...RETENTION, incidentsPerCluster: 2 });
    expect((await prisma.incident.findMany({ orderBy: { id: "asc" } })).map(({ id }) => id)).toEqual(["i2", "i3"]);
    expect((await prisma.serviceSpan.findMany({ orderBy: { service: "asc" } })).map(({ service }) => service)).toEqual([
      "lasting",
      "young",
    ]);
  });

  it("events older than the limit, to the millisecond, and no younger one", async () => {
    const limitMs = NOW_MS - RETENTION.eventsMs;
    await addEvents("san-a", [limitMs - 1, limitMs, NOW_MS]);
    await addEvents("san-b", [limitMs - 1]);
    expect(await prune(prisma, NOW_MS)).toEqual({ events: 2, enrollments: 0, tokens: 0, isMore: false });
    expect(await eventTimes("san-a")).toEqual([NOW_MS, limitMs]);
    expect(await eventTimes("san-b")).toEqual([]);
    expect((await prune(prisma, NOW_MS)).events).toBe(0);
  });

  it("a cluster's oldest events beyond the number that is kept, also where many came at one time", async () => {
    await addEvents(
      "san-a",
      [1, 2, 2, 2, 3].map((ms) => NOW_MS + ms),
    );
    await addEvents("san-b", [NOW_MS]);
    await prune(prisma, NOW_MS, { ...RETENTION, eventsPerCluster: 3 });
    expect(await eventTimes("san-a")).toEqual([3, 2, 2].map((ms) => NOW_MS + ms));
    expect(await eventTimes("san-b")).toEqual([NOW_MS]);
  });

  it("enrolments a day after their end, so that until then a late node is told the reason", async () => {
    const row = { clusterSlug: "san-a", node: "ruby", role: "member" };
    const hourMs = 3_600_000;
    for (const [id, expiresAt] of [
      ["old", NOW_MS - 25 * hourMs],
      ["late", NOW_MS - hourMs],
      ["open", NOW_MS + hourMs],
    ] as const) {
      await prisma.enrollment.create({ data: { id, tokenHash: id, ...row, expiresAt: BigInt(expiresAt) } });
    }
    expect((await prune(prisma, NOW_MS)).enrollments).toBe(1);
    expect((await prisma.enrollment.findMany()).map(({ id }) => id).sort()).toEqual(["late", "open"]);
  });

  it("API tokens ninety days after they were revoked or over, and none that has no end", async () => {
    const dayMs = 86_400_000;
    const past = BigInt(NOW_MS - 91 * dayMs);
    const token = (id: string, more: object) => ({ id, name: id, tokenHash: id, role: "viewer", createdAt: 1n, ...more });
    await prisma.apiToken.createMany({
      data: [token("revoked", { revokedAt: past }), token("over", { expiresAt: past }), token("endless", {})],
    });
    expect((await prune(prisma, NOW_MS)).tokens).toBe(2);
    expect((await prisma.apiToken.findMany()).map(({ id }) => id)).toEqual(["endless"]);
  });
});

it("a database of before: its tokens belong to the first admin", async () => {
  const before = path.join(folder, "before");
  await mkdir(before);
  await writeFile(path.join(before, "0001_start.sql"), await readFile(path.join(MIGRATIONS, "0001_start.sql")));
  const file = path.join(folder, "before.db");
  await migrate(sqliteTarget(file), before);
  const old = await connectSqlite(file);
  const user = (id: string, role: string, at: number) =>
    old.$executeRaw`INSERT INTO "User" ("id", "name", "passwordHash", "role", "createdAt") VALUES (${id}, ${id}, 'h', ${role}, ${at})`;
  await user("vera", "viewer", 1);
  await user("otto", "admin", 3);
  await user("anna", "admin", 2);
  await old.$executeRaw`INSERT INTO "ApiToken" ("id", "name", "tokenHash", "role", "createdAt") VALUES ('t', 'ci', 'h', 'admin', 4)`;
  await old.$disconnect();
  await migrate(sqliteTarget(file), MIGRATIONS);
  const now = await connectSqlite(file);
  expect(await now.apiToken.findMany({ select: { id: true, ownerId: true } })).toEqual([{ id: "t", ownerId: "anna" }]);
  await now.$disconnect();
});

describe("what is left of events that go", () => {
  const keep = { ...RETENTION, eventsPerCluster: 1 };
  const counts = async () =>
    (await prisma.eventCount.findMany({ orderBy: [{ startMs: "asc" }, { what: "asc" }] })).map(({ unitMs, startMs, what, count }) => ({
      ...{ unitMs, startMs: Number(startMs), what, count },
    }));
  const HOUR_MS = 3_600_000;
  const hour = Math.floor(NOW_MS / HOUR_MS) * HOUR_MS;
  const day = Math.floor(NOW_MS / 86_400_000) * 86_400_000;

  it("is how many there were in each hour, by kind, and those add up to what went", async () => {
    await addEvents("san-a", [hour - 1, hour, hour + 1, NOW_MS]);
    expect((await prune(prisma, NOW_MS, keep)).events).toBe(3);
    expect(await counts()).toEqual([
      { unitMs: HOUR_MS, startMs: hour - HOUR_MS, what: "state", count: 1 },
      { unitMs: HOUR_MS, startMs: hour, what: "state", count: 2 },
    ]);
    await addEvents("san-a", [hour + 2, NOW_MS + 1]);
    await prune(prisma, NOW_MS, keep);
    expect((await counts()).reduce((sum, { count }) => sum + count, 0)).toBe(5);
  });

  it("is the day where that is long ago, also of what went before, and nothing after ten years", async () => {
    await addEvents("san-a", [hour - 1, hour, NOW_MS]);
    await prune(prisma, NOW_MS, keep);
    await prune(prisma, NOW_MS + 102 * 86_400_000, keep);
    expect(await counts()).toEqual([{ unitMs: 86_400_000, startMs: day, what: "state", count: 2 }]);
    await prune(prisma, NOW_MS + 3_662 * 86_400_000, keep);
    expect(await counts()).toEqual([]);
  });

  it("is everything of what people wrote: notes stay", async () => {
    const note = {
      node: null,
      source: null,
      subject: "cluster",
      level: "absent" as const,
      by: "anna",
      what: "note" as const,
      atMs: 1,
      text: "n",
    };
    await eventRecords(prisma).addEvents("san-a", [note]);
    await addEvents("san-a", [NOW_MS - 1, NOW_MS]);
    expect((await prune(prisma, NOW_MS, keep)).events).toBe(1);
    expect(await eventTimes("san-a")).toEqual([NOW_MS, 1]);
  });
});
