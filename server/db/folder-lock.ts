// SPDX-License-Identifier: Apache-2.0
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { sqliteAdapter } from "./connection";
import { DatabaseError } from "./database-error";

const Busy = z.object({ cause: z.object({ extendedCode: z.number() }).or(z.object({ kind: z.literal("SocketTimeout") })) });
/** SQLITE_BUSY; its extended codes keep it in the low byte. Source: https://www.sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  const known = Busy.safeParse(error);
  if (!known.success) return false;
  return "kind" in known.data.cause || (known.data.cause.extendedCode & 0xff) === SQLITE_BUSY;
}

/**
 * Makes this process the only console of a data folder. The lock is an open exclusive transaction on a small database of its
 * own: the kernel holds it, so it ends with the process however that ends, and the real database stays readable for copies.
 * @throws DatabaseError DATABASE_IN_USE
 */
export async function takeFolder(dataDir: string): Promise<{ release: () => Promise<void> }> {
  const pidFile = path.join(dataDir, "console.pid");
  const adapter = await sqliteAdapter(path.join(dataDir, "console.lock"), 0).connect();
  try {
    await adapter.executeRaw({ sql: "BEGIN EXCLUSIVE", args: [], argTypes: [] });
  } catch (error) {
    await adapter.dispose();
    if (!isBusy(error)) throw error;
    const pid = await readFile(pidFile, "utf8").catch(() => ""); // only to be of help: the sentence stands without it
    const who = /^\d+$/.test(pid.trim()) ? ` (process ${pid.trim()})` : "";
    const next = "Stop it first, or give this one another folder with DATA_DIR.";
    throw new DatabaseError("DATABASE_IN_USE", `Another console${who} uses the data folder ${dataDir}. ${next}`, { cause: error });
  }
  await writeFile(pidFile, `${process.pid}\n`, { mode: 0o600 });
  return {
    release: async () => {
      // Said aloud: the driver closes the file only once its statements were collected.
      await adapter.executeRaw({ sql: "ROLLBACK", args: [], argTypes: [] });
      await adapter.dispose();
    },
  };
}
