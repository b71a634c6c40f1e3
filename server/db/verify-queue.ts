// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { VerifyScheduleChange } from "@/agent/protocol/console/verify";
import { decodeJson } from "@/agent/protocol/decode";
import type { Client } from "./connection";
import type { VerifyQueuedModel } from "./generated/models/VerifyQueued";
import type { VerifyScheduleModel } from "./generated/models/VerifySchedule";

/** What a queued verify may do, beside its turn. */
const Terms = z.object({
  /** Guards whose warnings are accepted. */
  accept: z.array(z.string()),
  /** The window in which it begins; null: whenever its turn comes. */
  window: z.object({ opensAtMs: z.number(), closesAtMs: z.number() }).nullable(),
  /** Stopped when the window closes. */
  isStoppedAtEnd: z.boolean(),
  /** Its stop was asked for. */
  isStopAsked: z.boolean(),
});

/** A verify that waits for its turn, or has begun. */
export interface QueuedVerify extends z.infer<typeof Terms> {
  id: string;
  cluster: string;
  resource: string;
  volume: number;
  /** Who it runs for: by id, and by the name they had. */
  ownerId: string;
  owner: string;
  /** Null: a person asked. */
  schedule: string | null;
  askedAtMs: number;
  /** When its command was about to be given; null while it waits. */
  begunAtMs: number | null;
  run: string | null;
}

/** What became of one mirror at an opening. */
const Told = z.object({
  mirror: z.string(),
  word: z.enum(["waits", "runs", "clean", "differs", "aborted", "unknown", "skipped"]),
  why: z.string().nullable(),
});
export type Told = z.infer<typeof Told>;
const Opening = z.object({
  opensAtMs: z.number(),
  closesAtMs: z.number(),
  missed: z.number().int(),
  isMissed: z.boolean(),
  told: z.array(Told),
});
/** An opening of a schedule: whether it was missed, how many before it were, and what became of each mirror. */
export type Opening = z.infer<typeof Opening>;

export interface KeptSchedule {
  id: string;
  ownerId: string;
  owner: string;
  createdAtMs: number;
  wanted: VerifyScheduleChange;
  /** Openings up to this moment are dealt with. */
  handledMs: number;
  last: Opening | null;
}

export interface VerifyQueueRecords {
  /** `unread` names schedules that another version kept in a form this one does not read. */
  load(): Promise<{ queued: QueuedVerify[]; schedules: KeptSchedule[]; unread: string[] }>;
  /** Adds or changes one. */
  keep(queued: QueuedVerify): Promise<void>;
  remove(id: string): Promise<void>;
  keepSchedule(schedule: KeptSchedule): Promise<void>;
  removeSchedule(id: string): Promise<void>;
  /** A schedule's opening with all that it asks for: both or neither. */
  open(schedule: KeptSchedule, queued: readonly QueuedVerify[]): Promise<void>;
}

export function verifyQueueRecords(prisma: Client): VerifyQueueRecords {
  const putSchedule = (schedule: KeptSchedule) => {
    const row = scheduleRow(schedule);
    return prisma.verifySchedule.upsert({ where: { id: schedule.id }, create: row, update: row });
  };
  return {
    async load() {
      const rows = await prisma.verifyQueued.findMany({ orderBy: { askedAtMs: "asc" } });
      const kept = (await prisma.verifySchedule.findMany({ orderBy: { createdAtMs: "asc" } })).map(
        (row) => [row.id, scheduleOf(row)] as const,
      );
      return {
        queued: rows.map(queuedOf),
        schedules: kept.flatMap(([, schedule]) => (schedule ? [schedule] : [])),
        unread: kept.flatMap(([id, schedule]) => (schedule ? [] : [`the verify schedule ${id}`])),
      };
    },
    async keep(queued) {
      const row = queuedRow(queued);
      await prisma.verifyQueued.upsert({ where: { id: queued.id }, create: row, update: row });
    },
    async remove(id) {
      await prisma.verifyQueued.deleteMany({ where: { id } });
    },
    async keepSchedule(schedule) {
      await putSchedule(schedule);
    },
    async removeSchedule(id) {
      await prisma.verifySchedule.deleteMany({ where: { id } });
    },
    async open(schedule, queued) {
      await prisma.$transaction([putSchedule(schedule), ...queued.map((one) => prisma.verifyQueued.create({ data: queuedRow(one) }))]);
    },
  };
}

/** Terms that this version does not read: nothing is accepted, and nothing is stopped. */
const NO_TERMS: z.infer<typeof Terms> = { accept: [], window: null, isStoppedAtEnd: false, isStopAsked: false };

function queuedOf({
  id,
  clusterSlug,
  resource,
  volume,
  ownerId,
  owner,
  scheduleId,
  askedAtMs,
  terms,
  begunAtMs,
  runId,
}: VerifyQueuedModel): QueuedVerify {
  const read = decodeJson(Terms, terms);
  const words = { id, cluster: clusterSlug, resource, volume, ownerId, owner, schedule: scheduleId, run: runId };
  return {
    ...words,
    askedAtMs: Number(askedAtMs),
    begunAtMs: begunAtMs === null ? null : Number(begunAtMs),
    ...(read.ok ? read.value : NO_TERMS),
  };
}

function queuedRow(queued: QueuedVerify): VerifyQueuedModel {
  const { id, cluster, resource, volume, ownerId, owner, schedule, askedAtMs, begunAtMs, run } = queued;
  const { accept, window, isStoppedAtEnd, isStopAsked } = queued;
  return {
    id,
    clusterSlug: cluster,
    resource,
    volume,
    ownerId,
    owner,
    scheduleId: schedule,
    askedAtMs: BigInt(askedAtMs),
    terms: JSON.stringify({ accept, window, isStoppedAtEnd, isStopAsked }),
    begunAtMs: begunAtMs === null ? null : BigInt(begunAtMs),
    runId: run,
  };
}

function scheduleOf({ id, ownerId, owner, createdAtMs, wanted, handledMs, last }: VerifyScheduleModel): KeptSchedule | null {
  const read = decodeJson(VerifyScheduleChange, wanted);
  if (!read.ok) return null;
  const opening = last === null ? null : decodeJson(Opening, last);
  const times = { createdAtMs: Number(createdAtMs), handledMs: Number(handledMs) };
  return { id, ownerId, owner, ...times, wanted: read.value, last: opening?.ok ? opening.value : null };
}

function scheduleRow({ id, ownerId, owner, createdAtMs, wanted, handledMs, last }: KeptSchedule): VerifyScheduleModel {
  return {
    id,
    ownerId,
    owner,
    createdAtMs: BigInt(createdAtMs),
    wanted: JSON.stringify(wanted),
    handledMs: BigInt(handledMs),
    last: last === null ? null : JSON.stringify(last),
  };
}
