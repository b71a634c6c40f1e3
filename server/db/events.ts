// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { EventKind, EventPayload } from "@/agent/protocol/console/timeline";
import { Level } from "@/agent/protocol/console/view";
import { SourceName } from "@/agent/protocol/sources";
import type { NewEvent, StoredEvent } from "@/server/cluster/facts";
import type { RaisedFinding } from "@/server/timeline/findings";
import type { Client } from "./connection";
import type { EventModel } from "./generated/models/Event";

export interface EventRecords {
  /** Events that no agent sent: what the console itself found. */
  addEvents(cluster: string, events: readonly NewEvent[]): Promise<StoredEvent[]>;
  /** The newest events of a cluster, newest first. */
  recentEvents(cluster: string, limit: number): Promise<StoredEvent[]>;
  /** The findings of a cluster that stand, by id, instead of what was kept; and what is told of those that came and went. */
  saveFindings(cluster: string, standing: ReadonlyMap<string, RaisedFinding>, told: readonly NewEvent[]): Promise<StoredEvent[]>;
  /** By cluster, then by finding id. */
  loadFindings(): Promise<Map<string, Map<string, RaisedFinding>>>;
}

const StoredWords = z.object({ source: SourceName.nullable(), level: Level, what: EventKind });
const StoredWitnesses = z.object({ nodes: z.array(z.string()), sources: z.array(z.string()) });
const UNKNOWN = { source: null, level: "unknown", what: "state" } as const;

/** What is read of an event: all but the frame it is from. */
export type EventRow = Pick<
  EventModel,
  "id" | "atMs" | "node" | "source" | "subject" | "text" | "level" | "by" | "what" | "why" | "ref" | "payload"
>;

/** An event as the database gives it back. A source, level or kind of a newer version is none, unknown or a state: never a crash. */
export function storedEvent(row: EventRow): StoredEvent {
  const words = StoredWords.safeParse(row);
  const { source, level, what } = words.success ? words.data : UNKNOWN;
  const { id, node, subject, text, by, why, ref } = row;
  const payload = payloadIn(row);
  const more = {
    ...(what !== "state" && { what }),
    ...(why !== null && { why }),
    ...(ref !== null && { ref }),
    ...(payload && { payload }),
  };
  return { id, atMs: Number(row.atMs), node, source, subject, text, level, by, ...more };
}

/** Null also for one of a newer version: then its words tell it alone. */
function payloadIn({ payload }: EventRow): EventPayload | null {
  const read = payload === null ? null : EventPayload.safeParse(JSON.parse(payload));
  return read?.success ? read.data : null;
}

/** The columns of a new event, without the frame it is from. */
export function eventColumns(event: NewEvent) {
  const { node, source, subject, text, level, by, what = "state", why = null, ref = null } = event;
  const payload = event.payload ? JSON.stringify(event.payload) : null;
  return { atMs: BigInt(Math.round(event.atMs)), node, source, subject, text, level, by, what, why, ref, payload };
}

/** The rows of events that no agent sent. */
export function eventRows(cluster: string, events: readonly NewEvent[]) {
  return events.map((event, part) => ({ ...eventColumns(event), clusterSlug: cluster, part }));
}

export function eventRecords(prisma: Client): EventRecords {
  return {
    async addEvents(cluster, events) {
      if (events.length === 0) return [];
      return (await prisma.event.createManyAndReturn({ data: eventRows(cluster, events) })).map(storedEvent);
    },
    async recentEvents(cluster, limit) {
      const rows = await prisma.event.findMany({
        where: { clusterSlug: cluster },
        orderBy: [{ atMs: "desc" }, { id: "desc" }],
        take: limit,
      });
      return rows.map(storedEvent);
    },
    saveFindings(cluster, standing, told) {
      const data = [...standing].map(([findingId, { sinceMs, title, subject, node, witnesses }]) => ({
        ...{ clusterSlug: cluster, findingId, title, subject, node },
        witnesses: witnesses && JSON.stringify(witnesses),
        sinceMs: BigInt(Math.round(sinceMs)),
      }));
      return prisma.$transaction(async (tx) => {
        await tx.findingSince.deleteMany({ where: { clusterSlug: cluster } });
        if (data.length > 0) await tx.findingSince.createMany({ data });
        if (told.length === 0) return [];
        return (await tx.event.createManyAndReturn({ data: eventRows(cluster, told) })).map(storedEvent);
      });
    },
    async loadFindings() {
      const found = new Map<string, Map<string, RaisedFinding>>();
      for (const { clusterSlug, findingId, sinceMs, title, subject, node, witnesses: told } of await prisma.findingSince.findMany()) {
        const ofCluster = found.get(clusterSlug) ?? new Map<string, RaisedFinding>();
        const witnesses = told === null ? null : StoredWitnesses.parse(JSON.parse(told));
        found.set(clusterSlug, ofCluster.set(findingId, { sinceMs: Number(sinceMs), title, subject, node, witnesses }));
      }
      return found;
    },
  };
}
