// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { connectSqlite } from "./connection";
import type { PrismaClient } from "./generated/client";
import { migrate } from "./migrate";
import { sqliteTarget } from "./sqlite-target";
import { MIGRATIONS } from "./temporary-database";

/** The SQLite type that each scalar of the schema is kept in. */
const SQL_TYPES = new Map([
  ["String", "TEXT"],
  ["Int", "INTEGER"],
  ["BigInt", "BIGINT"],
]);

interface Model {
  name: string;
  columns: { name: string; type: string; isRequired: boolean }[];
  /** Columns of each uniqueness, key included, joined by commas. */
  uniques: string[];
  indexes: string[];
}

/** The models of a Prisma schema, as far as tables know them: fields of a scalar type, keys and indexes. */
function modelsOf(schema: string): Model[] {
  return [...schema.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)].map(([, name = "", body = ""]) => {
    const model: Model = { name, columns: [], uniques: [], indexes: [] };
    for (const line of body.split("\n").map((text) => text.trim())) {
      const block = /^@@(id|unique|index)\(\[([^\]]+)\]\)/.exec(line);
      if (block) (block[1] === "index" ? model.indexes : model.uniques).push((block[2] ?? "").replaceAll(" ", ""));
      const [, field = "", type = "", optional] = /^(\w+)\s+(\w+)(\?)?(?:\s|$)/.exec(line) ?? [];
      const sqlType = SQL_TYPES.get(type);
      if (sqlType === undefined) continue;
      model.columns.push({ name: field, type: sqlType, isRequired: optional === undefined });
      if (/@(id|unique)\b/.test(line)) model.uniques.push(field);
    }
    return model;
  });
}

const Columns = z.array(z.object({ name: z.string(), type: z.string(), notnull: z.coerce.number(), pk: z.coerce.number() }));
const Indexes = z.array(z.object({ name: z.string(), unique: z.coerce.number() }));
const IndexColumns = z.array(z.object({ name: z.string() }));

let folder = "";
let prisma: PrismaClient;
let models: Model[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "quarterdeck-schema-"));
  const file = path.join(folder, "database.db");
  await migrate(sqliteTarget(file), MIGRATIONS);
  prisma = await connectSqlite(file);
  models = modelsOf(await readFile(path.resolve(MIGRATIONS, "../../schema.prisma"), "utf8"));
});
afterAll(async () => {
  await prisma.$disconnect();
  await rm(folder, { recursive: true, force: true });
});

describe("the migrated database", () => {
  it("has exactly the columns of the schema, with their types and whether they may be empty", async () => {
    expect(models.map(({ name }) => name)).toContain("Event");
    for (const model of models) {
      const columns = Columns.parse(await prisma.$queryRawUnsafe(`PRAGMA table_info("${model.name}")`));
      const found = columns.map(({ name, type, notnull }) => ({ name, type, isRequired: notnull === 1 }));
      expect({ model: model.name, columns: found }).toEqual({ model: model.name, columns: model.columns });
    }
  });

  it("has no table that the schema does not know", async () => {
    const sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> '_migration'";
    const tables = IndexColumns.parse(await prisma.$queryRawUnsafe(sql)).map(({ name }) => name);
    expect(tables.sort()).toEqual(models.map(({ name }) => name).sort());
  });

  it("holds every uniqueness and index of the schema", async () => {
    for (const model of models) {
      const uniques: string[] = [];
      const indexes: string[] = [];
      const table = Columns.parse(await prisma.$queryRawUnsafe(`PRAGMA table_info("${model.name}")`));
      const key = table.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
      uniques.push(key.map(({ name }) => name).join(","));
      for (const index of Indexes.parse(await prisma.$queryRawUnsafe(`PRAGMA index_list("${model.name}")`))) {
        const columns = IndexColumns.parse(await prisma.$queryRawUnsafe(`PRAGMA index_info("${index.name}")`));
        (index.unique === 1 ? uniques : indexes).push(columns.map(({ name }) => name).join(","));
      }
      expect({ model: model.name, uniques: [...new Set(uniques)].sort() }).toEqual({ model: model.name, uniques: model.uniques.sort() });
      expect({ model: model.name, indexes: indexes.sort() }).toEqual({ model: model.name, indexes: model.indexes.sort() });
    }
  });

  it("takes a row of every model and gives it back, with times beyond 32 bits", async () => {
    const at = 1_795_182_515_980n;
    const user = { id: "u", name: "anna", passwordHash: "h", role: "admin", createdAt: at, disabledAt: null, lastSignInAt: at };
    expect(await prisma.user.create({ data: user })).toEqual(user);
    const seen = { userAgent: null, address: "::1" };
    const session = { id: "s", tokenHash: "h", userId: "u", createdAt: at, expiresAt: at, lastSeenAt: at, ...seen };
    expect(await prisma.session.create({ data: session })).toEqual(session);
    const token = {
      id: "t",
      name: "ci",
      tokenHash: "h",
      role: "viewer",
      createdAt: at,
      expiresAt: null,
      revokedAt: at,
      ownerId: "u",
      lastUsedAt: at,
    };
    expect(await prisma.apiToken.create({ data: token })).toEqual(token);
    const cluster = { slug: "san-a", title: "SAN A", environment: null };
    expect(await prisma.cluster.create({ data: cluster })).toEqual(cluster);
    const place = { clusterSlug: "san-a", node: "ruby", role: "member" };
    const names = { label: "rack 4, left", enrolledBy: "anna" };
    const journal = { journalId: "j", ackedSeq: 2_000_000_000 };
    const agent = { id: "a", ...place, publicKey: "k", agentVersion: null, enrolledAt: at, trustEndedAt: null, ...journal, ...names };
    expect(await prisma.agent.create({ data: agent })).toEqual(agent);
    const enrollment = { id: "e", tokenHash: "h", ...place, expiresAt: at, usedAt: null, createdBy: "anna" };
    expect(await prisma.enrollment.create({ data: enrollment })).toEqual(enrollment);
    const fact = { agentId: "a", source: "drbd", reading: "{}", lastOk: null, takenAtMs: at, okAtMs: at, everyMs: 2_000, memory: null };
    expect(await prisma.fact.create({ data: fact })).toEqual(fact);
    const words = { node: "ruby", source: "drbd", subject: "store", text: "in sync", level: "ok", by: "kernel" };
    const told = { what: "state", why: "resynced", ref: null, payload: null };
    const event = { id: 7, clusterSlug: "san-a", agentId: "a", journalId: "j", seq: 1, part: 0, atMs: at, ...words, ...told };
    expect(await prisma.event.create({ data: event })).toEqual(event);
    const line = { id: 9, agentId: "a", kmsgSeq: 9_007_199_254_740_991n, atMs: at, priority: 6, topic: "drbd", text: "x" };
    expect(await prisma.kernelLine.create({ data: line })).toEqual(line);
    const since = {
      clusterSlug: "san-a",
      findingId: "f",
      sinceMs: at,
      title: "store is cut",
      subject: "store",
      node: null,
      witnesses: '{"nodes":["ruby"],"sources":[]}',
    };
    expect(await prisma.findingSince.create({ data: since })).toEqual(since);
    const recording = { slug: "r", title: "R", origin: "/tmp", atMs: at, atFrom: "said", openedBy: "anna", openedAtMs: at, nodes: "[]" };
    expect(await prisma.recording.create({ data: recording })).toEqual(recording);
    const mirror = { clusterSlug: "san-a", resource: "store", volume: 0, pair: "crystal+ruby" };
    const verify = { id: "v", ...mirror, startedAtMs: at, endedAtMs: null, result: null, revision: 1, body: "{}" };
    expect(await prisma.verify.create({ data: verify })).toEqual(verify);
    const blocks = { verifyId: "v", startSector: 9_007_199_254_740_991n, sectors: 8n };
    expect(await prisma.verifyBlocks.create({ data: blocks })).toEqual(blocks);
    const verifyLine = { verifyId: "v", node: "ruby", kmsgSeq: 7n, atMs: at, text: "x" };
    expect(await prisma.verifyLine.create({ data: verifyLine })).toEqual(verifyLine);
    const setting = { key: "k", value: "v" };
    expect(await prisma.setting.create({ data: setting })).toEqual(setting);
  });
});
