// SPDX-License-Identifier: Apache-2.0
import { coarsened, DAY_MS, HOUR_MS, hoursFrom, type Tally, type TallyLimits, tallyOf } from "@/server/timeline/downsample";
import type { Client } from "./connection";
import { Prisma } from "./generated/client";

type Transaction = Parameters<Parameters<Client["$transaction"]>[0]>[0];

/** A statement has room for this many counts. */
const PER_STATEMENT = 1_000;

async function add(tx: Transaction, cluster: string, tallies: readonly Tally[]): Promise<void> {
  for (let from = 0; from < tallies.length; from += PER_STATEMENT) {
    const rows = tallies
      .slice(from, from + PER_STATEMENT)
      .map(
        ({ unitMs, startMs, what, level, count }) => Prisma.sql`(${cluster}, ${unitMs}, ${BigInt(startMs)}, ${what}, ${level}, ${count})`,
      );
    await tx.$executeRaw`
      INSERT INTO "EventCount" ("clusterSlug", "unitMs", "startMs", "what", "level", "count") VALUES ${Prisma.join(rows)}
      ON CONFLICT DO UPDATE SET "count" = "count" + "excluded"."count"`;
  }
}

/** Removes events, and leaves their counts, in one go: no event is counted twice or not at all. */
export async function leaveCounts(
  prisma: Client,
  cluster: string,
  due: readonly { id: number; atMs: bigint; what: string; level: string }[],
  nowMs: number,
  keep: TallyLimits,
): Promise<void> {
  const gone = due.map(({ atMs, what, level }) => ({ atMs: Number(atMs), what, level }));
  await prisma.$transaction(async (tx) => {
    await add(tx, cluster, tallyOf(gone, nowMs, keep));
    await tx.event.deleteMany({ where: { id: { in: due.map(({ id }) => id) } } });
  });
}

/** Days that one pass makes of hours, at the most. */
const DAYS_PER_PASS = 31;

/** Counts by the hour become counts by the day in time, a whole day of one at once, and days go at last. Bounded work. */
export async function coarsenCounts(prisma: Client, nowMs: number, keep: TallyLimits): Promise<void> {
  for (let done = 0; done < DAYS_PER_PASS; done += 1) {
    const due = { unitMs: HOUR_MS, startMs: { lt: BigInt(hoursFrom(nowMs, keep)) } };
    const oldest = await prisma.eventCount.findFirst({ where: due, orderBy: { startMs: "asc" }, select: { startMs: true } });
    if (oldest === null) break;
    const day = Math.floor(Number(oldest.startMs) / DAY_MS) * DAY_MS;
    const ofDay = { unitMs: HOUR_MS, startMs: { gte: BigInt(day), lt: BigInt(day + DAY_MS) } };
    await prisma.$transaction(async (tx) => {
      const rows = await tx.eventCount.findMany({ where: ofDay });
      for (const cluster of new Set(rows.map(({ clusterSlug }) => clusterSlug))) {
        const own = rows.filter(({ clusterSlug }) => clusterSlug === cluster);
        await add(tx, cluster, coarsened(own.map(({ startMs, ...one }) => ({ ...one, startMs: Number(startMs) }))));
      }
      await tx.eventCount.deleteMany({ where: ofDay });
    });
  }
  await prisma.eventCount.deleteMany({ where: { startMs: { lt: BigInt(nowMs - keep.daysMs) } } });
}
