// SPDX-License-Identifier: Apache-2.0
import type { FollowedRun, VerifyWrites } from "@/server/verify/run-state";
import type { Client } from "./connection";
import { Prisma } from "./generated/client";

/** SQLite takes 32,766 values in one statement. Source: https://www.sqlite.org/limits.html#max_variable_number */
const ROWS_PER_STATEMENT = 2_000;

/** The newest version of each run, in the order in which they were first named. */
function newest(runs: readonly FollowedRun[]): FollowedRun[] {
  const byId = new Map<string, FollowedRun>();
  for (const run of runs) {
    const known = byId.get(run.summary.id);
    if (!known || known.revision <= run.revision) byId.set(run.summary.id, run);
  }
  return [...byId.values()];
}

function* inParts<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT) yield rows.slice(from, from + ROWS_PER_STATEMENT);
}

/** Writes what became of runs. What was written before stays: a place or a line that comes twice is there once. */
export async function keepVerifies(prisma: Pick<Client, "$executeRaw">, { runs, ranges, lines }: VerifyWrites): Promise<void> {
  for (const part of inParts(newest(runs))) {
    const rows = part.map((run) => {
      const { id, cluster, resource, volume, startedAtMs, endedAtMs, result } = run.summary;
      const ended = endedAtMs === null ? null : BigInt(Math.round(endedAtMs));
      return Prisma.sql`(${id}, ${cluster}, ${resource}, ${volume}, ${run.pair}, ${BigInt(Math.round(startedAtMs))}, ${ended}, ${result}, ${run.revision}, ${JSON.stringify(run)})`;
    });
    await prisma.$executeRaw`
      INSERT INTO "Verify" ("id", "clusterSlug", "resource", "volume", "pair", "startedAtMs", "endedAtMs", "result", "revision", "body") VALUES ${Prisma.join(rows)}
      ON CONFLICT ("id") DO UPDATE SET "pair" = excluded."pair", "startedAtMs" = excluded."startedAtMs", "endedAtMs" = excluded."endedAtMs",
        "result" = excluded."result", "revision" = excluded."revision", "body" = excluded."body"
        WHERE "Verify"."revision" <= excluded."revision"`;
  }
  for (const part of inParts(ranges)) {
    const rows = part.map(({ run, startSector, sectors }) => Prisma.sql`(${run}, ${BigInt(startSector)}, ${BigInt(sectors)})`);
    await prisma.$executeRaw`
      INSERT INTO "VerifyBlocks" ("verifyId", "startSector", "sectors") VALUES ${Prisma.join(rows)} ON CONFLICT DO NOTHING`;
  }
  for (const part of inParts(lines)) {
    const rows = part.map(
      ({ run, node, kmsgSeq, atMs, text }) => Prisma.sql`(${run}, ${node}, ${BigInt(kmsgSeq)}, ${BigInt(Math.round(atMs))}, ${text})`,
    );
    await prisma.$executeRaw`
      INSERT INTO "VerifyLine" ("verifyId", "node", "kmsgSeq", "atMs", "text") VALUES ${Prisma.join(rows)} ON CONFLICT DO NOTHING`;
  }
}
