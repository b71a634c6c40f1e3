// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sqliteAdapter } from "./connection";
import { migrate } from "./migrate";
import { sqliteTarget } from "./sqlite-target";

let folder = "";
let migrations = "";
let file = "";

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "quarterdeck-migrate-"));
  migrations = path.join(folder, "migrations");
  file = path.join(folder, "database.db");
  await mkdir(migrations);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (name: string, sql: string) => writeFile(path.join(migrations, name), sql);
const run = () => migrate(sqliteTarget(file), migrations);

async function tables(): Promise<string[]> {
  const adapter = await sqliteAdapter(file).connect();
  const sql = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
  const { rows } = await adapter.queryRaw({ sql, args: [], argTypes: [] });
  await adapter.dispose();
  return rows.map(([name]) => String(name));
}

describe("migrate", () => {
  it("applies each file once, in the order of the names", async () => {
    await write("0002_more.sql", "ALTER TABLE ship ADD COLUMN flag TEXT;");
    await write("0001_start.sql", "CREATE TABLE ship (name TEXT);");
    expect(await run()).toEqual(["0001_start.sql", "0002_more.sql"]);
    expect(await run()).toEqual([]);
  });

  it("applies a file that came later to a database that has the earlier ones", async () => {
    await write("0001_start.sql", "CREATE TABLE ship (name TEXT);");
    await run();
    await write("0002_more.sql", "CREATE TABLE boat (name TEXT);");
    expect(await run()).toEqual(["0002_more.sql"]);
    expect(await tables()).toEqual(["_migration", "boat", "ship"]);
  });

  it("refuses a file that was changed after it was applied, naming it", async () => {
    await write("0001_start.sql", "CREATE TABLE ship (name TEXT);");
    await run();
    await write("0001_start.sql", "CREATE TABLE ship (name TEXT, flag TEXT);");
    await expect(run()).rejects.toMatchObject({
      code: "DATABASE_CHANGED_MIGRATION",
      message: expect.stringContaining("0001_start.sql was changed after it was applied"),
    });
  });

  it("refuses a database that has a migration this version does not know", async () => {
    await write("0001_start.sql", "CREATE TABLE ship (name TEXT);");
    await write("0002_more.sql", "CREATE TABLE boat (name TEXT);");
    await run();
    await rm(path.join(migrations, "0002_more.sql"));
    await expect(run()).rejects.toMatchObject({ code: "DATABASE_NEWER", message: expect.stringContaining("0002_more.sql") });
  });

  it("leaves the database as it was when a file fails half way, and keeps the files before it", async () => {
    await write("0001_start.sql", "CREATE TABLE ship (name TEXT);");
    await write("0002_broken.sql", "CREATE TABLE boat (name TEXT); CREATE TABLE boat (name TEXT);");
    await expect(run()).rejects.toMatchObject({ code: "DATABASE_MIGRATION_FAILED" });
    expect(await tables()).toEqual(["_migration", "ship"]);
    await write("0002_broken.sql", "CREATE TABLE boat (name TEXT);");
    expect(await run()).toEqual(["0002_broken.sql"]);
  });

  it("refuses a file name that could not be put into SQL as it is", async () => {
    await write("0001_it's.sql", "CREATE TABLE ship (name TEXT);");
    await expect(run()).rejects.toThrow("is not named like a migration");
  });
});
