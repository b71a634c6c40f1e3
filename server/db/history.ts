// SPDX-License-Identifier: Apache-2.0
import { type Incident, ServiceState } from "@/agent/protocol/console/history";
import { decodeJson } from "@/agent/protocol/decode";
import { FollowedIncident, type HistoryWrites, type KeptSpan } from "@/server/history/incident-state";
import type { Client } from "./connection";
import { Prisma } from "./generated/client";
import type { ServiceSpanModel } from "./generated/models/ServiceSpan";
import { keepHistory } from "./history-rows";

/** Which incidents a list wants. `before`: only those that opened before this one in the order of the list. */
export interface IncidentFilter {
  cluster: string;
  node: string | null;
  before: { openedAtMs: number; id: string } | null;
}

export interface HistoryRecords {
  save(cluster: string, writes: HistoryWrites): Promise<void>;
  /** Incidents that were followed when the console last wrote. `unread`: those that another version kept in a form this one does not read. */
  openIncidents(): Promise<{ incidents: FollowedIncident[]; unread: string[] }>;
  /** The newest first. */
  incidents(filter: IncidentFilter, limit: number): Promise<Incident[]>;
  incident(cluster: string, id: string): Promise<Incident | null>;
  /** The stretches that last, by cluster. */
  openSpans(): Promise<Map<string, KeptSpan[]>>;
  /** A cluster's stretches that reach beyond `sinceMs`, and those that last. */
  spans(cluster: string, sinceMs: number): Promise<KeptSpan[]>;
  /** Until when each cluster was watched, and that these were now. */
  watches(): Promise<Map<string, number>>;
  watched(clusters: readonly string[], atMs: number): Promise<void>;
}

const PATIENCE = { maxWait: 30_000, timeout: 60_000 };

function followedOf(rows: readonly { id: string; body: string }[]): { incidents: FollowedIncident[]; unread: string[] } {
  const incidents: FollowedIncident[] = [];
  const unread: string[] = [];
  for (const { id, body } of rows) {
    const one = decodeJson(FollowedIncident, body);
    if (one.ok) incidents.push(one.value);
    else unread.push(`the incident ${id}`);
  }
  return { incidents, unread };
}

/** A state of a newer version is not known here: nothing is made up of it. */
function spanOf({ service, state, fromMs, toMs, why, node }: ServiceSpanModel): KeptSpan {
  const known = ServiceState.safeParse(state);
  return {
    service,
    state: known.success ? known.data : "unknown",
    fromMs: Number(fromMs),
    toMs: toMs === null ? null : Number(toMs),
    why,
    node,
  };
}

export function historyRecords(prisma: Client): HistoryRecords {
  const body = { id: true, body: true } as const;
  return {
    save: (cluster, writes) => prisma.$transaction((tx) => keepHistory(tx, [{ cluster, writes }]), PATIENCE),
    openIncidents: async () =>
      followedOf(await prisma.incident.findMany({ where: { endedAtMs: null }, select: body, orderBy: { openedAtMs: "asc" } })),
    async incidents({ cluster, node, before }, limit) {
      const openedAtMs = before === null ? null : BigInt(before.openedAtMs);
      const older =
        openedAtMs === null || before === null ? [] : [{ openedAtMs: { lt: openedAtMs } }, { openedAtMs, id: { lt: before.id } }];
      const rows = await prisma.incident.findMany({
        where: { clusterSlug: cluster, ...(node === null ? {} : { node }), ...(older.length > 0 ? { OR: older } : {}) },
        select: body,
        orderBy: [{ openedAtMs: "desc" }, { id: "desc" }],
        take: limit,
      });
      return followedOf(rows).incidents.map(({ incident }) => incident);
    },
    async incident(clusterSlug, id) {
      const row = await prisma.incident.findFirst({ where: { clusterSlug, id }, select: body });
      return row ? (followedOf([row]).incidents[0]?.incident ?? null) : null;
    },
    async openSpans() {
      const found = new Map<string, KeptSpan[]>();
      for (const row of await prisma.serviceSpan.findMany({ where: { toMs: null } })) {
        found.set(row.clusterSlug, [...(found.get(row.clusterSlug) ?? []), spanOf(row)]);
      }
      return found;
    },
    async spans(clusterSlug, sinceMs) {
      const where = { clusterSlug, OR: [{ toMs: null }, { toMs: { gt: BigInt(Math.round(sinceMs)) } }] };
      return (await prisma.serviceSpan.findMany({ where, orderBy: { fromMs: "asc" } })).map(spanOf);
    },
    watches: async () =>
      new Map((await prisma.serviceWatch.findMany()).map(({ clusterSlug, knownAtMs }) => [clusterSlug, Number(knownAtMs)])),
    async watched(clusters, atMs) {
      const knownAtMs = BigInt(Math.round(atMs));
      if (clusters.length === 0) return;
      const rows = clusters.map((slug) => Prisma.sql`(${slug}, ${knownAtMs})`);
      await prisma.$executeRaw`
        INSERT INTO "ServiceWatch" ("clusterSlug", "knownAtMs") VALUES ${Prisma.join(rows)}
        ON CONFLICT ("clusterSlug") DO UPDATE SET "knownAtMs" = excluded."knownAtMs"`;
    },
  };
}
