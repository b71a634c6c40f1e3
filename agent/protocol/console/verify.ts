// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { ClusterSlug } from "../names";

/**
 * How an online verify ended. clean: the kernel said done, over the whole device, and found nothing. differs: it found blocks.
 * aborted: it did not reach the end (connection lost, stopped, superseded, node gone). refused: DRBD or the console did not start it.
 * unknown: what became of it was not seen; never to be read as clean.
 */
export const VerifyResult = z.enum(["clean", "differs", "aborted", "refused", "unknown"]);
export type VerifyResult = z.infer<typeof VerifyResult>;

/** Blocks that differ, as the kernel logged them: whole sectors of 512 bytes. */
export const VerifyRange = z.object({ startSector: z.number().int().nonnegative(), sectors: z.number().int().positive() });
export type VerifyRange = z.infer<typeof VerifyRange>;

/** A verify as it is listed: without the blocks. */
export const VerifySummary = z.object({
  id: z.string(),
  cluster: z.string(),
  resource: z.string(),
  volume: z.number().int(),
  /** The node on which it was started, and the one it was compared with; null where that was not seen. */
  starter: z.string().nullable(),
  peer: z.string().nullable(),
  /** person: asked for here. schedule: due. node: started on the node, past the console. */
  cause: z.enum(["person", "schedule", "node"]),
  /** Who asked, or owns the schedule; null for one that was started on the node. */
  by: z.string().nullable(),
  /** The command it belongs to (`run:<id>`), and the schedule that asked for it. */
  run: z.string().nullable(),
  schedule: z.string().nullable(),
  startedAtMs: z.number(),
  /** Null while it runs. */
  endedAtMs: z.number().nullable(),
  /** Null while it runs. */
  result: VerifyResult.nullable(),
  /** How far it came, 0 to 100; null when not known. */
  percent: z.number().nullable(),
  /** The result as a sentence with its reason: "Aborted at 41 %: the connection to crystal was lost." Null while it runs. */
  says: z.string().nullable(),
  sizeBytes: z.number().nullable(),
  /** Mean rate of comparing, bytes a second; null when too short to tell. */
  rateBytesPerSec: z.number().nullable(),
  /** Blocks found to differ so far, in bytes: the kernel's own count where it said one, else the sum of what it logged. Null: not known. */
  differsBytes: z.number().nullable(),
  /** Out of sync by each node's own count before the run and after it; null where not read. */
  outOfSync: z.array(z.object({ node: z.string(), beforeBytes: z.number().nullable(), afterBytes: z.number().nullable() })),
});
export type VerifySummary = z.infer<typeof VerifySummary>;

/** Ranges kept of one run; the rest is counted. */
export const MAX_RANGES = 10_000;

/** `GET /api/v1/verifies/{id}` */
export const VerifyRecord = VerifySummary.extend({
  /** `verify-alg` as it was set; null when not said. */
  algorithm: z.string().nullable(),
  /** DRBD of each side: "8.4.11". */
  versions: z.array(z.object({ node: z.string(), version: z.string() })),
  ranges: z.array(VerifyRange).max(MAX_RANGES),
  /** How many more the kernel logged. */
  rangesNotKept: z.number().int(),
  /** Warnings that were accepted for it, by guard. */
  accepted: z.array(z.string()),
  /** Kernel lines of both nodes about it, oldest first, at most 200. */
  lines: z.array(z.object({ node: z.string(), atMs: z.number(), text: z.string() })),
});
export type VerifyRecord = z.infer<typeof VerifyRecord>;

/** What a run found beside what earlier runs of the same mirror found. */
export const VerifyComparison = z.object({
  /** Up to six runs that found something or ended whole, oldest first, this one last. `reachedSector`: how far it compared; null = to the end. */
  runs: z.array(
    z.object({ id: z.string(), startedAtMs: z.number(), result: VerifyResult.nullable(), reachedSector: z.number().nullable() }),
  ),
  /** Each place of 4 KiB blocks side by side, and what each run said of it. At most 1,000; the rest is counted. */
  places: z.array(VerifyRange.extend({ said: z.array(z.enum(["differs", "same", "not reached"])) })),
  placesNotShown: z.number().int(),
  /** Blocks of this run that an earlier run found as well, with no resync of them in between. */
  sameBlocks: z.number().int(),
  newBlocks: z.number().int(),
  /** "2 of 3 places are the same as on 12 Oct", and what that points to. */
  title: z.string(),
  meaning: z.string(),
});
export type VerifyComparison = z.infer<typeof VerifyComparison>;
/** Answer of `GET /api/v1/verifies/{id}`. */
export const VerifyDetail = z.object({ atMs: z.number(), record: VerifyRecord, comparison: VerifyComparison.nullable() });
export type VerifyDetail = z.infer<typeof VerifyDetail>;

/** `GET /api/v1/clusters/{slug}/verifies?mirror=store/0&before=`: newest first. `before`: the `next` of the page before. */
export const VerifyPage = z.object({ records: z.array(VerifySummary), next: z.string().nullable() });
export type VerifyPage = z.infer<typeof VerifyPage>;

/** One mirror's verifies as a line: what `/verify` lists and the view's `verify:` entity holds. */
export const VerifyState = z.object({
  /** When the last clean run ended: what the age of a mirror's proof counts from. Null: never. */
  cleanAtMs: z.number().nullable(),
  /** The last run that ended. */
  last: VerifySummary.nullable(),
  /** The run under way; its progress is the mirror's own. */
  running: VerifySummary.nullable(),
  /** Its place in the queue from 1, and what it waits for as a sentence. */
  queued: z.object({ id: z.string(), place: z.number().int(), says: z.string() }).nullable(),
  /** The next time a schedule asks for it. */
  next: z.object({ atMs: z.number(), schedule: z.string(), says: z.string() }).nullable(),
});
export type VerifyState = z.infer<typeof VerifyState>;

/** `GET /api/v1/verify`: every mirror of every cluster that is not a recording, worst first. */
export const VerifyOverview = z.object({
  atMs: z.number(),
  /** A mirror is overdue when it was not clean within so many days. */
  limitDays: z.number().int(),
  mirrors: z.array(
    VerifyState.extend({
      cluster: z.string(),
      resource: z.string(),
      volume: z.number().int(),
      sizeBytes: z.number().nullable(),
      /** "8.4.11", "8.3.16 and 8.4.11" */
      versions: z.string(),
      /** Up to twelve runs, oldest first, for the trend of duration, rate and what differs. */
      trend: z.array(VerifySummary),
      /** Why it cannot be verified now, by the guards; null when it can be asked for. */
      refusal: z.string().nullable(),
    }),
  ),
  queue: z.array(
    z.object({
      id: z.string(),
      cluster: z.string(),
      resource: z.string(),
      volume: z.number().int(),
      by: z.string(),
      schedule: z.string().nullable(),
      askedAtMs: z.number(),
      says: z.string(),
    }),
  ),
});
export type VerifyOverview = z.infer<typeof VerifyOverview>;

/** `POST /api/v1/verify/queue` (operator): verify when nothing else is in the way. `DELETE /api/v1/verify/queue/{id}` takes it out. */
export const VerifyQueueing = z.object({
  cluster: ClusterSlug,
  resource: z.string().min(1).max(127),
  volume: z.number().int().min(0).max(65_535),
  /** Guards whose warnings are accepted. A block, or a warning that is not among them, when its turn comes, skips it and is recorded. */
  accept: z.array(z.string().max(80)).max(100),
});
export type VerifyQueueing = z.infer<typeof VerifyQueueing>;

/** Body of `POST /api/v1/verify/schedules` and `PUT /api/v1/verify/schedules/{id}` (operator; only the owner or an admin changes one). */
export const VerifyScheduleChange = z.object({
  cluster: ClusterSlug,
  /** "store/0"; empty: every mirror of the cluster. */
  mirrors: z.array(z.string().max(140)).max(1_000),
  /** Five fields of cron: when the window opens. */
  cron: z.string().min(9).max(100),
  /** An IANA zone: "Europe/Berlin". */
  zone: z.string().min(1).max(60),
  /**
   * How long the window is open, by the clock on the wall of the zone: 02:00 and 240 close at 06:00 also in the nights in which
   * the clock is changed. Runs begin only within it.
   */
  windowMinutes: z.number().int().min(5).max(10_080),
  /** A run that is not through when it closes is stopped, and recorded as aborted. */
  isStoppedAtEnd: z.boolean(),
  accept: z.array(z.string().max(80)).max(100),
  isPaused: z.boolean(),
});
export type VerifyScheduleChange = z.infer<typeof VerifyScheduleChange>;
export const VerifySchedule = VerifyScheduleChange.extend({
  id: z.string(),
  /** In whose name it runs; one who may not verify any more has their schedules skipped, and that is recorded. */
  owner: z.string(),
  createdAtMs: z.number(),
  /** The next opening and closing; null while paused. */
  next: z.object({ opensAtMs: z.number(), closesAtMs: z.number() }).nullable(),
  /** What became of the last opening, in words; null: there was none yet. */
  last: z.object({ atMs: z.number(), says: z.string() }).nullable(),
});
export type VerifySchedule = z.infer<typeof VerifySchedule>;
/** `GET /api/v1/verify/schedules` */
export const VerifyScheduleList = z.object({ atMs: z.number(), schedules: z.array(VerifySchedule) });
export type VerifyScheduleList = z.infer<typeof VerifyScheduleList>;
