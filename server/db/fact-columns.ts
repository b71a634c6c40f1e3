// SPDX-License-Identifier: Apache-2.0
import type { Client } from "./connection";
import type { StoredFact } from "./facts";
import { Prisma } from "./generated/client";

/** The columns of a source's facts. While a reading is ok, it is its own last good one. */
function factColumns({ facts }: StoredFact) {
  return {
    reading: JSON.stringify(facts.reading),
    lastOk: facts.reading.status === "ok" || facts.lastOk === null ? null : JSON.stringify(facts.lastOk),
    takenAtMs: BigInt(Math.round(facts.takenAtMs)),
    okAtMs: facts.okAtMs === null ? null : BigInt(Math.round(facts.okAtMs)),
    everyMs: Math.round(facts.everyMs),
    memory: facts.memory === undefined ? null : JSON.stringify(facts.memory),
  };
}

/** One statement for all facts: a statement each would cost more than the commit itself. */
export async function upsertFacts(
  prisma: Pick<Client, "$executeRaw">,
  facts: readonly (StoredFact & { agentId: string })[],
): Promise<void> {
  const newest = new Map(facts.map((fact) => [`${fact.agentId} ${fact.source}`, fact]));
  if (newest.size === 0) return;
  const rows = [...newest.values()].map((fact) => {
    const { reading, lastOk, takenAtMs, okAtMs, everyMs, memory } = factColumns(fact);
    return Prisma.sql`(${fact.agentId}, ${fact.source}, ${reading}, ${lastOk}, ${takenAtMs}, ${okAtMs}, ${everyMs}, ${memory})`;
  });
  await prisma.$executeRaw`
    INSERT INTO "Fact" ("agentId", "source", "reading", "lastOk", "takenAtMs", "okAtMs", "everyMs", "memory") VALUES ${Prisma.join(rows)}
    ON CONFLICT ("agentId", "source") DO UPDATE SET
      "reading" = excluded."reading", "lastOk" = excluded."lastOk", "takenAtMs" = excluded."takenAtMs",
      "okAtMs" = excluded."okAtMs", "everyMs" = excluded."everyMs", "memory" = excluded."memory"`;
}
