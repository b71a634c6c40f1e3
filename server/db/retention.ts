// SPDX-License-Identifier: Apache-2.0
import { DAY_MS, type TallyLimits } from "@/server/timeline/downsample";
import type { Client } from "./connection";
import { coarsenCounts, leaveCounts } from "./event-counts";

/** How long, and how many. Units: ms, events. */
export interface Limits {
  /** What is left of events that went. */
  counts: TallyLimits;
  eventsMs: number;
  eventsPerCluster: number;
  enrollmentsMs: number;
  tokensMs: number;
  verifiesPerCluster: number;
  incidentsPerCluster: number;
  spansMs: number;
  spansPerCluster: number;
}

/** How long what is kept is kept (README, "What is kept"). The newest of everything always stays. */
export const RETENTION: Limits = {
  /** Thirteen months: a yearly comparison finds its other half. Older events go. */
  eventsMs: 400 * DAY_MS,
  /** A cluster's events beyond this many go, the oldest first: some 100 MB of them. */
  eventsPerCluster: 200_000,
  /** Of events that went, how many there were: by the hour for a hundred days, then by the day, for ten years. */
  counts: { hoursMs: 100 * DAY_MS, daysMs: 3_660 * DAY_MS },
  /** An enrolment that nobody can use any more: so long its token is still told from one that never was. */
  enrollmentsMs: DAY_MS,
  /** An API token that is revoked or over stays listed for so long. */
  tokensMs: 90 * DAY_MS,
  /** Every verify is kept. Only beyond so many of a cluster, which no schedule reaches in years, the oldest go. */
  verifiesPerCluster: 50_000,
  /** Fencings of a cluster beyond this many go, the oldest first. */
  incidentsPerCluster: 5_000,
  /** What availability is counted from: its longest window is 90 days. */
  spansMs: 100 * DAY_MS,
  /** Stretches of a cluster's services beyond this many go, the oldest first: of a window they then cover less, as not known. */
  spansPerCluster: 50_000,
};

/** Rows that one pass takes from a table at the most: agents' frames wait while it does. */
const ROWS_PER_PASS = 5_000;

export interface Pruned {
  events: number;
  enrollments: number;
  tokens: number;
  /** More is due: ask again soon. */
  isMore: boolean;
}

/** Removes what has been kept long enough. Bounded work: it may take several passes. */
export async function prune(prisma: Client, nowMs: number, keep: Limits = RETENTION): Promise<Pruned> {
  let events = 0;
  const clusters = await prisma.cluster.findMany({ select: { slug: true } });
  for (const { slug } of clusters) {
    if (events < ROWS_PER_PASS) events += await pruneEvents(prisma, slug, nowMs, keep, ROWS_PER_PASS - events);
  }
  const over = BigInt(nowMs - keep.enrollmentsMs);
  const enrollments = (await prisma.enrollment.deleteMany({ where: { expiresAt: { lt: over } } })).count;
  const ended = { lt: BigInt(nowMs - keep.tokensMs) };
  const tokens = (await prisma.apiToken.deleteMany({ where: { OR: [{ revokedAt: ended }, { expiresAt: ended }] } })).count;
  await coarsenCounts(prisma, nowMs, keep.counts);
  for (const { slug } of clusters) {
    await pruneVerifies(prisma, slug, keep.verifiesPerCluster);
    await pruneHistory(prisma, slug, nowMs, keep);
  }
  return { events, enrollments, tokens, isMore: events >= ROWS_PER_PASS };
}

async function pruneVerifies(prisma: Client, clusterSlug: string, kept: number): Promise<void> {
  const orderBy = [{ startedAtMs: "desc" as const }, { id: "desc" as const }];
  const due = await prisma.verify.findMany({ where: { clusterSlug }, orderBy, skip: kept, take: ROWS_PER_PASS, select: { id: true } });
  if (due.length > 0) await prisma.verify.deleteMany({ where: { id: { in: due.map(({ id }) => id) }, endedAtMs: { not: null } } });
}

async function pruneHistory(prisma: Client, clusterSlug: string, nowMs: number, keep: Limits): Promise<void> {
  const newest = [{ openedAtMs: "desc" as const }, { id: "desc" as const }];
  const over = { skip: keep.incidentsPerCluster, take: ROWS_PER_PASS, select: { id: true } };
  const incidents = await prisma.incident.findMany({ where: { clusterSlug }, orderBy: newest, ...over });
  if (incidents.length > 0) await prisma.incident.deleteMany({ where: { id: { in: incidents.map(({ id }) => id) } } });
  // What lasts stays, however long ago it began.
  await prisma.serviceSpan.deleteMany({ where: { clusterSlug, toMs: { lt: BigInt(Math.round(nowMs - keep.spansMs)) } } });
  const ended = { clusterSlug, toMs: { not: null } };
  const [first] = await prisma.serviceSpan.findMany({ where: ended, orderBy: { toMs: "desc" }, skip: keep.spansPerCluster, take: 1 });
  if (first?.toMs != null) await prisma.serviceSpan.deleteMany({ where: { clusterSlug, toMs: { lte: first.toMs } } });
}

async function pruneEvents(prisma: Client, clusterSlug: string, nowMs: number, keep: Limits, most: number): Promise<number> {
  const newestFirst = [{ atMs: "desc" as const }, { id: "desc" as const }];
  const [first] = await prisma.event.findMany({ where: { clusterSlug }, orderBy: newestFirst, skip: keep.eventsPerCluster, take: 1 });
  const isOld = { atMs: { lt: BigInt(nowMs - keep.eventsMs) } };
  const isTooMany = first ? [{ atMs: { lt: first.atMs } }, { atMs: first.atMs, id: { lte: first.id } }] : [];
  const due = await prisma.event.findMany({
    // What people wrote is little, and nobody else knows it: it stays as long as its cluster.
    where: { clusterSlug, what: { not: "note" }, OR: [isOld, ...isTooMany] },
    orderBy: [{ atMs: "asc" }, { id: "asc" }],
    take: most,
    select: { id: true, atMs: true, what: true, level: true },
  });
  if (due.length > 0) await leaveCounts(prisma, clusterSlug, due, nowMs, keep.counts);
  return due.length;
}
