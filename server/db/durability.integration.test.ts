// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";
import { connectSqlite } from "./connection";
import { openDatabase } from "./open";
import { addTestAgent, MIGRATIONS, temporaryDatabase } from "./temporary-database";

const ROUNDS = 8;

/** Lets the victim run until it acknowledged this many frames, kills it, and answers the last frame it acknowledged. */
async function killAfter(dataDir: string, agentId: string, acknowledged: number): Promise<number> {
  const script = path.join(import.meta.dirname, "insert-until-killed.ts");
  const victim = spawn(process.execPath, ["--import", "tsx", script, dataDir, agentId], {
    cwd: path.resolve(import.meta.dirname, "../.."),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(victim, "exit");
  let last = 0;
  let count = 0;
  // Lines that were on their way when it was killed count too: they were acknowledged.
  for await (const line of createInterface({ input: victim.stdout })) {
    last = Number(line);
    count += 1;
    if (count === acknowledged) victim.kill("SIGKILL");
  }
  expect(await ended).toEqual([null, "SIGKILL"]);
  return last;
}

it("loses nothing that was acknowledged, and keeps each frame whole or not at all, however the console is killed", async () => {
  const { db, dataDir } = await temporaryDatabase();
  const agentId = await addTestAgent(db, "ruby");
  await db.close();
  for (let round = 0; round < ROUNDS; round++) {
    const acknowledged = await killAfter(dataDir, agentId, 1 + Math.floor(Math.random() * 60));

    // The lock died with the process: the folder opens at once.
    const again = await openDatabase(dataDir, MIGRATIONS);
    const reached = (await again.agents.agentById(agentId))?.ackedSeq ?? 0;
    expect(reached).toBeGreaterThanOrEqual(acknowledged);
    const texts = (await again.events.recentEvents("san-a", 1_000_000)).map(({ text }) => text);
    const expected = Array.from({ length: reached }, (_, index) => [`${index + 1} first`, `${index + 1} second`]).flat();
    expect(texts.sort()).toEqual(expected.sort());
    expect((await again.facts.loadNode(agentId))?.sources.drbd?.reading.takenAtMs).toBe(reached);
    await again.close();

    const prisma = await connectSqlite(path.join(dataDir, "quarterdeck.db"));
    expect(await prisma.$queryRaw`PRAGMA integrity_check`).toEqual([{ integrity_check: "ok" }]);
    await prisma.$disconnect();
  }
  await rm(dataDir, { recursive: true, force: true });
});
