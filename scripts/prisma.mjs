// SPDX-License-Identifier: Apache-2.0
// Makes the database client from prisma/schema.prisma, without a network: `node scripts/prisma.mjs`.
//
// The client needs no engine, yet Prisma's command looks for one before it does anything and would download it. It is
// content with any executable: `true` where there is one, else a small one of our own. This way the command must never be
// used to change a database: it would silently do nothing. Migrations have their own runner, server/db/migrate.ts.
import { spawnSync } from "node:child_process";
import { constants } from "node:fs";
import { access, chmod, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const client = path.join(root, "server/db/generated/client.ts");

async function isExecutable(file) {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false; // not there or not ours to run: the next one is tried
  }
}

/** An executable that does nothing and succeeds. */
async function harmlessExecutable(folder) {
  for (const file of ["/bin/true", "/usr/bin/true"]) if (await isExecutable(file)) return file;
  const isWindows = process.platform === "win32";
  const file = path.join(folder, isWindows ? "nothing.cmd" : "nothing");
  await writeFile(file, isWindows ? "@exit /b 0\r\n" : `#!${process.execPath}\n`);
  await chmod(file, 0o755);
  return file;
}

const folder = await mkdtemp(path.join(os.tmpdir(), "quarterdeck-prisma-"));
try {
  const command = createRequire(import.meta.url).resolve("prisma/build/index.js");
  const startedAtMs = Date.now();
  const run = spawnSync(process.execPath, [command, "generate", "--schema", "prisma/schema.prisma", "--no-hints"], {
    cwd: root,
    encoding: "utf8",
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: await harmlessExecutable(folder),
      CHECKPOINT_DISABLE: "1",
      PRISMA_HIDE_UPDATE_MESSAGE: "1",
    },
  });
  if (run.status !== 0) {
    process.stderr.write(`${run.stdout ?? ""}${run.stderr ?? ""}`);
    throw new Error(`Prisma could not make the database client (exit ${run.status ?? run.signal}). Its own words are above.`);
  }
  const made = await stat(client).catch(() => null);
  // File systems keep times coarser than the clock; two seconds cover the coarsest (FAT).
  if (made === null || made.mtimeMs < startedAtMs - 2_000) {
    process.stderr.write(`${run.stdout}${run.stderr}`);
    throw new Error(`Prisma says it succeeded, but ${path.relative(root, client)} did not appear. Is its output setting still the same?`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
