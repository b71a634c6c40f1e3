// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { Level } from "@/agent/protocol/console/view";
import { SourceName } from "@/agent/protocol/sources";
import type { NewEvent, StoredEvent } from "@/server/cluster/facts";
import type { Client } from "./connection";
import type { EventModel } from "./generated/models/Event";

export interface EventRecords {
  /** Events that no agent sent: what the console itself found. */
  addEvents(cluster: string, events: readonly NewEvent[]): Promise<StoredEvent[]>;
  /** The newest events of a cluster, newest first. */
  recentEvents(cluster: string, limit: number): Promise<StoredEvent[]>;
  /** Since when each finding of a cluster holds, by finding id; replaces what was kept. */
  saveFindingSince(cluster: string, since: ReadonlyMap<string, number>): Promise<void>;
  /** By cluster, then by finding id. */
  loadFindingSince(): Promise<Map<string, Map<string, number>>>;
}

const StoredWords = z.object({ source: SourceName.nullable(), level: Level });

/** An event as the database gives it back. A source or level of a newer version becomes null or unknown, never a crash. */
export function storedEvent(row: EventModel): StoredEvent {
  const words = StoredWords.safeParse(row);
  const { source, level } = words.success ? words.data : { source: null, level: "unknown" as const };
  const { id, node, subject, text, by } = row;
  return { id, atMs: Number(row.atMs), node, source, subject, text, level, by };
}

/** The columns of a new event, without the frame it is from. */
export function eventColumns(event: NewEvent) {
  const { node, source, subject, text, level, by } = event;
  return { atMs: BigInt(Math.round(event.atMs)), node, source, subject, text, level, by };
}

export function eventRecords(prisma: Client): EventRecords {
  return {
    async addEvents(cluster, events) {
      if (events.length === 0) return [];
      const data = events.map((event, part) => ({ ...eventColumns(event), clusterSlug: cluster, part }));
      return (await prisma.event.createManyAndReturn({ data })).map(storedEvent);
    },
    async recentEvents(cluster, limit) {
      const rows = await prisma.event.findMany({
        where: { clusterSlug: cluster },
        orderBy: [{ atMs: "desc" }, { id: "desc" }],
        take: limit,
      });
      return rows.map(storedEvent);
    },
    async saveFindingSince(cluster, since) {
      const data = [...since].map(([findingId, atMs]) => ({ clusterSlug: cluster, findingId, sinceMs: BigInt(Math.round(atMs)) }));
      await prisma.$transaction([
        prisma.findingSince.deleteMany({ where: { clusterSlug: cluster } }),
        ...(data.length > 0 ? [prisma.findingSince.createMany({ data })] : []),
      ]);
    },
    async loadFindingSince() {
      const found = new Map<string, Map<string, number>>();
      for (const { clusterSlug, findingId, sinceMs } of await prisma.findingSince.findMany()) {
        const ofCluster = found.get(clusterSlug) ?? new Map<string, number>();
        found.set(clusterSlug, ofCluster.set(findingId, Number(sinceMs)));
      }
      return found;
    },
  };
}
