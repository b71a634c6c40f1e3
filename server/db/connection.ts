// SPDX-License-Identifier: Apache-2.0
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { PrismaLibSql } from "@prisma/adapter-libsql";
import { PrismaClient } from "./generated/client";

type Config = Parameters<PrismaLibSql["createClient"]>[0];
type LibsqlClient = ReturnType<PrismaLibSql["createClient"]>;

/** How long a statement waits for another program that reads or copies the file, before it fails as busy. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * The libsql adapter with one connection for everything. The driver by itself leaves its connection to each transaction
 * and opens a new one afterwards, which loses the connection's settings and keeps the old file handles until they are
 * collected. The adapter lets nothing else run while a transaction is open, so one connection is enough.
 */
class OneConnection extends PrismaLibSql {
  override createClient(config: Config): LibsqlClient {
    const client = super.createClient(config);
    client.transaction = async () => {
      await client.execute("BEGIN IMMEDIATE");
      let isOpen = true;
      const end = async (word: "COMMIT" | "ROLLBACK") => {
        if (!isOpen) return;
        await client.execute(word);
        isOpen = false;
      };
      return {
        execute: (statement: Parameters<LibsqlClient["execute"]>[0]) => client.execute(statement),
        batch: (statements) => Promise.all(statements.map((statement) => client.execute(statement))),
        executeMultiple: (sql) => client.executeMultiple(sql),
        commit: () => end("COMMIT"),
        rollback: () => end("ROLLBACK"),
        close: () => void end("ROLLBACK"),
        get closed() {
          return !isOpen;
        },
      };
    };
    return client;
  }
}

/** The adapter for a file, as both the client and the migrations use it. */
export function sqliteAdapter(file: string, busyTimeoutMs = BUSY_TIMEOUT_MS): PrismaLibSql {
  return new OneConnection({ url: pathToFileURL(file).href, timeout: busyTimeoutMs });
}

/**
 * Prisma's query compiler is WebAssembly, and what it compiled is kept by the shape of the query: it has little to do, so it stays
 * as V8 first translates it. To optimise it takes 80 MB in V8's threads, which are not given back.
 */
function keepCompilerSmall(): void {
  setFlagsFromString("--no-wasm-tier-up");
  setFlagsFromString("--no-wasm-dynamic-tiering");
}

/**
 * Opens the database file. What is acknowledged is on the disk: write-ahead log with a sync on every commit.
 * Source: https://www.sqlite.org/pragma.html#pragma_synchronous
 */
export async function connectSqlite(file: string): Promise<PrismaClient> {
  keepCompilerSmall();
  const prisma = new PrismaClient({ adapter: sqliteAdapter(file) });
  await prisma.$connect();
  for (const pragma of ["journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"]) await prisma.$queryRawUnsafe(`PRAGMA ${pragma}`);
  return prisma;
}

/** The client, or the part of it that an open transaction offers. */
export type Client = PrismaClient;
