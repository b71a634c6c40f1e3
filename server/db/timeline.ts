// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { EventKind, type EventTally } from "@/agent/protocol/console/timeline";
import { Level } from "@/agent/protocol/console/view";
import type { StoredEvent } from "@/server/cluster/facts";
import { type Lane, mergeLanes, type Place } from "@/server/timeline/lanes";
import type { Client } from "./connection";
import { storedEvent } from "./events";
import { Prisma } from "./generated/client";

/** What of a cluster's timeline is asked for; null: not narrowed. */
export interface TimelineFilter {
  cluster: string;
  /** From this moment, up to that one and not with it. */
  fromMs: number | null;
  toMs: number | null;
  /** Not empty. */
  what: EventKind[] | null;
  level: Level[] | null;
  /** What this node told, and what is about it. */
  node: string | null;
  /** A mirror, its volumes with it, or a service. */
  resource: string | null;
  /** In what is said, or why. */
  text: string | null;
}

export interface TimelineRecords {
  /** Entries before a place, newest first. Bounded work: where little fits, a page ends before it is full. */
  page(filter: TimelineFilter, before: Place | null, limit: number): Promise<{ rows: StoredEvent[]; next: Place | null }>;
  /** How many there are in each part of a span, by kind and level. The text does not narrow it. */
  counts(filter: TimelineFilter & { fromMs: number; toMs: number }, partMs: number): Promise<(EventTally & { part: number })[]>;
  /** What is left of those that were removed. */
  gone(filter: TimelineFilter & { fromMs: number; toMs: number }): Promise<(EventTally & { startMs: number; unitMs: number })[]>;
  /** The oldest entry that is kept, and up to when some were removed; null: none. */
  bounds(cluster: string): Promise<{ oldestMs: number | null; goneUntilMs: number | null }>;
}

/** Rows of an index that one statement looks at, at the most: what fits may be rare, and agents' frames wait meanwhile. */
const LOOKED_AT = 4_000;
/** Statements that one page takes to be full, at the most: after them it says how far back it looked. */
const LOOKS = 10;
/** Volumes of one resource that are looked for. */
const MOST_SUBJECTS = 16;

const EventRows = z.array(
  z.object({
    ...{ id: z.coerce.number(), atMs: z.coerce.bigint(), node: z.string().nullable(), source: z.string().nullable(), subject: z.string() },
    ...{ text: z.string(), level: z.string(), by: z.string(), what: z.string(), why: z.string().nullable(), ref: z.string().nullable() },
    payload: z.string().nullable(),
  }),
);
const Places = z.array(z.object({ id: z.coerce.number(), atMs: z.coerce.number() }));
const Subjects = z.array(z.object({ subject: z.string().nullable() }));
const Tally = z.object({ what: EventKind.catch("state"), level: Level.catch("unknown"), count: z.coerce.number() });
const Parts = z.array(Tally.extend({ part: z.coerce.number() }));
const Gone = z.array(Tally.extend({ startMs: z.coerce.number(), unitMs: z.coerce.number() }));
const Bounds = z.array(z.object({ oldestMs: z.coerce.number().nullable(), goneUntilMs: z.coerce.number().nullable() }));

type Sql = ReturnType<typeof Prisma.sql>;

export function timelineRecords(prisma: Client): TimelineRecords {
  /** The names under which a resource's entries stand: its own, and one for each further volume. Each is one step in the index. */
  async function subjectsOf(cluster: string, resource: string): Promise<string[]> {
    const found = [resource];
    let last = `${resource}/`;
    while (found.length < MOST_SUBJECTS) {
      const [next] = Subjects.parse(
        await prisma.$queryRaw`SELECT min("subject") AS "subject" FROM "Event"
          WHERE "clusterSlug" = ${cluster} AND "subject" > ${last} AND "subject" < ${`${resource}0`}`,
      );
      if (!next || next.subject === null) break;
      found.push(next.subject);
      last = next.subject;
    }
    return found;
  }

  /** Each is one walk through one index, in its order. */
  async function lanesOf({ cluster, node, resource }: TimelineFilter): Promise<Sql[]> {
    if (resource !== null) return (await subjectsOf(cluster, resource)).map((subject) => Prisma.sql`"subject" = ${subject}`);
    if (node !== null) return [Prisma.sql`"node" = ${node}`, Prisma.sql`"subject" = ${node}`];
    return [Prisma.sql`1`];
  }

  async function lookThrough(filter: TimelineFilter, before: Place | null, lane: Sql, limit: number): Promise<Lane<StoredEvent>> {
    const walk = Prisma.sql`FROM "Event" WHERE "clusterSlug" = ${filter.cluster} AND ${lane} ${span(filter)} ${
      before ? Prisma.sql`AND ("atMs", "id") < (${BigInt(before.atMs)}, ${before.id})` : Prisma.empty
    } ORDER BY "atMs" DESC, "id" DESC`;
    // The inner walk ends the work; the outer keeps its order, and stops as soon as it has enough.
    const found = await prisma.$queryRaw`
      SELECT * FROM (
        SELECT "id", "atMs", "node", "source", "subject", "text", "level", "by", "what", "why", "ref", "payload" ${walk} LIMIT ${LOOKED_AT}
      ) WHERE 1 ${narrowed(filter)} LIMIT ${limit + 1}`;
    const rows = EventRows.parse(found).map(storedEvent);
    const last = rows[limit - 1];
    if (rows.length > limit && last) return { rows: rows.slice(0, limit), endedAt: { atMs: last.atMs, id: last.id } };
    const [end] = Places.parse(await prisma.$queryRaw`SELECT "atMs", "id" ${walk} LIMIT 1 OFFSET ${LOOKED_AT - 1}`);
    return { rows, endedAt: end ?? null };
  }

  /** Up to where a span is counted in one statement: by its rows, since a year's entries may all be of one night. */
  async function sliceEnd({ cluster, fromMs, toMs }: TimelineFilter & { fromMs: number; toMs: number }): Promise<number> {
    const [end] = Places.parse(
      await prisma.$queryRaw`SELECT "atMs", "id" FROM "Event"
        WHERE "clusterSlug" = ${cluster} ${span({ fromMs, toMs })} ORDER BY "atMs", "id" LIMIT 1 OFFSET ${LOOKED_AT}`,
    );
    // What is of one moment is counted together.
    return end ? Math.max(end.atMs, fromMs + 1) : toMs;
  }

  return {
    async page(filter, before, limit) {
      const walks = await lanesOf(filter);
      const rows: StoredEvent[] = [];
      let next = before;
      for (let look = 0; look < LOOKS; look += 1) {
        const lanes: Lane<StoredEvent>[] = [];
        for (const walk of walks) lanes.push(await lookThrough(filter, next, walk, limit - rows.length));
        const found = mergeLanes(lanes, limit - rows.length);
        rows.push(...found.rows);
        next = found.next;
        if (next === null || rows.length === limit) break;
        await othersTurn();
      }
      return { rows, next };
    },
    async counts(filter, partMs) {
      const lanes = Prisma.join(await lanesOf(filter), " OR ");
      const counts = new Map<string, EventTally & { part: number }>();
      for (let fromMs = filter.fromMs; fromMs < filter.toMs; ) {
        const slice = { ...filter, text: null, fromMs, toMs: await sliceEnd({ ...filter, fromMs }) };
        const found = await prisma.$queryRaw`
          SELECT ("atMs" - ${BigInt(filter.fromMs)}) / ${BigInt(partMs)} AS "part", "what", "level", count(*) AS "count" FROM "Event"
          WHERE "clusterSlug" = ${filter.cluster} AND (${lanes}) ${span(slice)} ${narrowed(slice)} GROUP BY 1, 2, 3`;
        for (const tally of Parts.parse(found)) {
          // A part that two slices share comes twice.
          const key = `${tally.part} ${tally.what} ${tally.level}`;
          counts.set(key, { ...tally, count: tally.count + (counts.get(key)?.count ?? 0) });
        }
        await othersTurn();
        fromMs = slice.toMs;
      }
      return [...counts.values()];
    },
    gone: async (filter) =>
      Gone.parse(
        await prisma.$queryRaw`
          SELECT "startMs", "unitMs", "what", "level", "count" FROM "EventCount"
          WHERE "clusterSlug" = ${filter.cluster} AND "startMs" < ${BigInt(filter.toMs)} AND "startMs" + "unitMs" > ${BigInt(filter.fromMs)}
          ${kinds(filter)} ORDER BY "startMs"`,
      ),
    async bounds(cluster) {
      const [bounds] = Bounds.parse(
        await prisma.$queryRaw`
          SELECT (SELECT min("atMs") FROM "Event" WHERE "clusterSlug" = ${cluster}) AS "oldestMs",
            (SELECT max("startMs" + "unitMs") FROM "EventCount" WHERE "clusterSlug" = ${cluster}) AS "goneUntilMs"`,
      );
      return bounds ?? { oldestMs: null, goneUntilMs: null };
    },
  };
}

/** The driver works without leaving the event loop's turn: sockets are read between two statements only when they are let. */
function othersTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function span({ fromMs, toMs }: Pick<TimelineFilter, "fromMs" | "toMs">): Sql {
  const from = fromMs === null ? Prisma.empty : Prisma.sql`AND "atMs" >= ${BigInt(Math.floor(fromMs))}`;
  const to = toMs === null ? Prisma.empty : Prisma.sql`AND "atMs" < ${BigInt(Math.ceil(toMs))}`;
  return Prisma.sql`${from} ${to}`;
}

function kinds({ what, level }: TimelineFilter): Sql {
  const ofKind = what === null ? Prisma.empty : Prisma.sql`AND "what" IN (${Prisma.join(what)})`;
  const ofLevel = level === null ? Prisma.empty : Prisma.sql`AND "level" IN (${Prisma.join(level)})`;
  return Prisma.sql`${ofKind} ${ofLevel}`;
}

function narrowed(filter: TimelineFilter): Sql {
  const { node, resource, text } = filter;
  // A node's own lanes are of it already.
  const ofNode = node === null || resource === null ? Prisma.empty : Prisma.sql`AND ("node" = ${node} OR "subject" = ${node})`;
  const like = `%${(text ?? "").replace(/[\\%_]/g, "\\$&")}%`;
  const ofText =
    text === null
      ? Prisma.empty
      : Prisma.sql`AND ("text" LIKE ${like} ESCAPE '\\' OR "why" LIKE ${like} ESCAPE '\\' OR "by" LIKE ${like} ESCAPE '\\')`;
  return Prisma.sql`${kinds(filter)} ${ofNode} ${ofText}`;
}
