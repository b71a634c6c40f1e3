// SPDX-License-Identifier: Apache-2.0
import type { FollowedIncident, HistoryWrites } from "@/server/history/incident-state";
import type { Client } from "./connection";
import { Prisma } from "./generated/client";

/** SQLite takes 32,766 values in one statement. Source: https://www.sqlite.org/limits.html#max_variable_number */
const ROWS_PER_STATEMENT = 2_000;

const big = (ms: number | null) => (ms === null ? null : BigInt(Math.round(ms)));

/**
 * Writes what became of incidents and services, in the order given. An older version of an incident changes nothing, and a
 * stretch that ended does not begin again, whichever of two writes comes first.
 */
export async function keepHistory(
  prisma: Pick<Client, "$executeRaw">,
  all: readonly { cluster: string; writes: HistoryWrites }[],
): Promise<void> {
  const incidents = new Map<string, FollowedIncident>();
  for (const { writes } of all) for (const one of writes.incidents) incidents.set(one.incident.id, one);
  const rows = [...incidents.values()].map((one) => {
    const { id, cluster, node, openedAtMs, endedAtMs } = one.incident;
    return Prisma.sql`(${id}, ${cluster}, ${node}, ${big(openedAtMs)}, ${big(endedAtMs)}, ${one.revision}, ${JSON.stringify(one)})`;
  });
  for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT) {
    await prisma.$executeRaw`
      INSERT INTO "Incident" ("id", "clusterSlug", "node", "openedAtMs", "endedAtMs", "revision", "body")
      VALUES ${Prisma.join(rows.slice(from, from + ROWS_PER_STATEMENT))}
      ON CONFLICT ("id") DO UPDATE SET "endedAtMs" = excluded."endedAtMs", "revision" = excluded."revision", "body" = excluded."body"
        WHERE "Incident"."revision" <= excluded."revision"`;
  }
  // The last word of a stretch counts: within one statement a row may be named once.
  const spans = new Map(
    all.flatMap(({ cluster, writes }) =>
      writes.spans.map((span) => [`${cluster} ${Math.round(span.fromMs)} ${span.service}`, { cluster, span }]),
    ),
  );
  const stretches = [...spans.values()].map(
    ({ cluster, span: { service, state, fromMs, toMs, why, node } }) =>
      Prisma.sql`(${cluster}, ${service}, ${big(fromMs)}, ${big(toMs)}, ${state}, ${why}, ${node})`,
  );
  for (let from = 0; from < stretches.length; from += ROWS_PER_STATEMENT) {
    await prisma.$executeRaw`
      INSERT INTO "ServiceSpan" ("clusterSlug", "service", "fromMs", "toMs", "state", "why", "node")
      VALUES ${Prisma.join(stretches.slice(from, from + ROWS_PER_STATEMENT))}
      ON CONFLICT ("clusterSlug", "service", "fromMs") DO UPDATE SET "toMs" = COALESCE(excluded."toMs", "ServiceSpan"."toMs"), "state" = excluded."state",
        "why" = excluded."why", "node" = excluded."node"`;
  }
}
