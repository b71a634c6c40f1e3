// SPDX-License-Identifier: Apache-2.0
import { rm, stat } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connectSqlite } from "./connection";
import { openDatabase } from "./open";
import { MIGRATIONS, temporaryDatabase } from "./temporary-database";

let open: Awaited<ReturnType<typeof temporaryDatabase>>;
beforeEach(async () => {
  open = await temporaryDatabase();
});
afterEach(async () => {
  await open.db.close();
  await rm(open.dataDir, { recursive: true, force: true });
});

describe("openDatabase", () => {
  it("keeps its folder to its owner", async () => {
    expect((await stat(open.dataDir)).mode & 0o777).toBe(0o700);
  });

  it("refuses a second console on the same folder with a sentence that names the first, and the first goes on", async () => {
    await expect(openDatabase(open.dataDir, MIGRATIONS)).rejects.toMatchObject({
      code: "DATABASE_IN_USE",
      message: expect.stringContaining(`process ${process.pid}) uses the data folder ${open.dataDir}. Stop it first`),
    });
    await open.db.settings.set("setupCodeHash", "x");
    expect(await open.db.settings.get("setupCodeHash")).toBe("x");
  });

  it("lets go of the folder when it is closed, and what was kept is there again", async () => {
    await open.db.settings.set("setupCodeHash", "kept");
    await open.db.close();
    const again = await openDatabase(open.dataDir, MIGRATIONS);
    expect(await again.settings.get("setupCodeHash")).toBe("kept");
    open = { ...open, db: again };
  });

  it("lets go of the folder when the database does not open", async () => {
    await open.db.close();
    await expect(openDatabase(open.dataDir, "/nowhere")).rejects.toThrow("ENOENT");
    const again = await openDatabase(open.dataDir, MIGRATIONS);
    open = { ...open, db: again };
  });
});

describe("connectSqlite", () => {
  it("syncs every commit, waits for others, and keeps its settings after transactions", async () => {
    const prisma = await connectSqlite(`${open.dataDir}/other.db`);
    await prisma.$executeRaw`CREATE TABLE ship (name TEXT)`;
    await prisma.$transaction(async (tx) => tx.$executeRaw`INSERT INTO ship VALUES ('ruby')`);
    const kept = prisma.$transaction(async (tx) => {
      await tx.$executeRaw`INSERT INTO ship VALUES ('crystal')`;
      throw new Error("no");
    });
    await expect(kept).rejects.toThrow("no");
    expect(await prisma.$queryRaw`SELECT name FROM ship`).toEqual([{ name: "ruby" }]);
    expect(await prisma.$queryRaw`PRAGMA synchronous`).toEqual([{ synchronous: 2 }]);
    expect(await prisma.$queryRaw`PRAGMA journal_mode`).toEqual([{ journal_mode: "wal" }]);
    expect(await prisma.$queryRaw`PRAGMA busy_timeout`).toEqual([{ timeout: 5_000 }]);
    expect(await prisma.$queryRaw`PRAGMA foreign_keys`).toEqual([{ foreign_keys: 1 }]);
    await prisma.$disconnect();
  });
});
