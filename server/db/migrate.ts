// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { DatabaseError } from "./database-error";

/** A migration file: `0001_start.sql`. The name is put into SQL as text, so it is held to this form. */
const FILE_NAME = /^\d{4}_[a-z0-9-]+\.sql$/;

export interface Migration {
  name: string;
  /** SHA-256 of the text, hex. */
  checksum: string;
  sql: string;
}

/** A database that migrations are applied to; one per kind of database. */
export interface MigrationTarget {
  /** Opens it and makes the table of applied migrations if it is not there. */
  open(): Promise<{
    applied(): Promise<{ name: string; checksum: string }[]>;
    /** The file and the note that it was applied, in one transaction. */
    apply(migration: Migration): Promise<void>;
    close(): Promise<void>;
  }>;
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
  return Promise.all(
    names.map(async (name) => {
      if (!FILE_NAME.test(name)) throw new Error(`${name} is not named like a migration (0001_what-it-does.sql).`);
      const sql = await readFile(path.join(folder, name), "utf8");
      return { name, checksum: createHash("sha256").update(sql).digest("hex"), sql };
    }),
  );
}

/**
 * Applies the files of a folder that were not applied yet, in the order of their names. Returns the names applied now.
 * @throws DatabaseError when an applied file was changed since, is not known to this version, or a file fails
 */
export async function migrate(target: MigrationTarget, folder: string): Promise<string[]> {
  const migrations = await readMigrations(folder);
  const database = await target.open();
  try {
    const applied = new Map((await database.applied()).map(({ name, checksum }) => [name, checksum]));
    refuseMisfit(migrations, applied);
    const due = migrations.filter(({ name }) => !applied.has(name));
    for (const migration of due) {
      try {
        await database.apply(migration);
      } catch (cause) {
        const message = `${migration.name} failed; the database is as it was before that file. Restore a backup or report this.`;
        throw new DatabaseError("DATABASE_MIGRATION_FAILED", message, { cause });
      }
    }
    return due.map(({ name }) => name);
  } finally {
    await database.close();
  }
}

function refuseMisfit(migrations: readonly Migration[], applied: ReadonlyMap<string, string>): void {
  const known = new Set(migrations.map(({ name }) => name));
  const newer = [...applied.keys()].filter((name) => !known.has(name)).sort();
  if (newer.length > 0) {
    const message = `The database was made by another version of Quarterdeck (it has ${newer.join(", ")}, which this one does not know). Start that version, or restore a backup made by this one.`;
    throw new DatabaseError("DATABASE_NEWER", message);
  }
  for (const { name, checksum } of migrations) {
    const before = applied.get(name);
    if (before === undefined || before === checksum) continue;
    const message = `${name} was changed after it was applied to this database. Put the file back as it was; changes belong in a new file.`;
    throw new DatabaseError("DATABASE_CHANGED_MIGRATION", message);
  }
}
