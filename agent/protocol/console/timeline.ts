// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { SourceName } from "@/agent/protocol/sources";
import { Level } from "./entities/said";

/**
 * What an entry of the timeline tells. state: something changed. command: a person's, as the audit has it. finding: one was raised or
 * is over. fencing: a node was shot, or was to be. version: something was installed or loaded. gap: what the console could not
 * see, and that it can again. note: a person's own words.
 */
export const EventKind = z.enum(["state", "command", "finding", "fencing", "version", "gap", "note"]);
export type EventKind = z.infer<typeof EventKind>;

/** What an entry tells, as fields: what a program would else have to read from its words. */
export const EventPayload = z.discriminatedUnion("kind", [
  /** The line of a mirror between two nodes is another one now, as the entry's node has it. */
  z.object({
    kind: z.literal("mirrorLine"),
    resource: z.string(),
    volume: z.number().int().nonnegative(),
    /** The node at its other end; null: not known by name. */
    peer: z.string().nullable(),
    /** lost: both ends try again by themselves; standAlone: not until a person says so; trying: again, after that; unknown: a new word. */
    line: z.enum(["connected", "lost", "standAlone", "trying", "unknown"]),
  }),
]);
export type EventPayload = z.infer<typeof EventPayload>;

/** One entry: what, when, who, and why where that was said. */
export const TimelineEntry = z.object({
  id: z.number().int(),
  atMs: z.number(),
  what: EventKind,
  level: Level,
  /** The node whose agent saw it, or that it is about; null: the whole cluster. */
  node: z.string().nullable(),
  source: SourceName.nullable(),
  subject: z.string(),
  text: z.string(),
  why: z.string().nullable(),
  /** "kernel, ruby", "anna", "found by the console". */
  by: z.string(),
  /** What it leads to: "run:<id>", "finding:<id>", "note:<id>"; null: nothing. */
  ref: z.string().nullable(),
  payload: EventPayload.optional(),
  /** Of a note that was withdrawn: by whom, when. */
  withdrawn: z.object({ by: z.string(), atMs: z.number() }).nullable(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** `GET /api/v1/clusters/{slug}/timeline?from=&to=&what=&level=&node=&resource=&text=&before=`: newest first. */
export const TimelinePage = z.object({
  atMs: z.number(),
  entries: z.array(TimelineEntry),
  /** The `before` of the next page; null: there is nothing older in this span. */
  next: z.string().nullable(),
  /** How far back this page looked, where that is not to the last entry it has: a rare word is looked for part by part. */
  searchedToMs: z.number().nullable(),
});
export type TimelinePage = z.infer<typeof TimelinePage>;

/** So many entries of one kind and level. */
export const EventTally = z.object({ what: EventKind, level: Level, count: z.number().int() });
export type EventTally = z.infer<typeof EventTally>;

/** `GET /api/v1/clusters/{slug}/timeline/counts?from=&to=&parts=&…`: how many entries in each part of a span. The text does not narrow it. */
export const TimelineCounts = z.object({
  atMs: z.number(),
  fromMs: z.number(),
  toMs: z.number(),
  partMs: z.number(),
  parts: z.array(z.object({ startMs: z.number(), counts: z.array(EventTally) })),
  /** What is left of entries that are no longer kept one by one, by hours or days, or by parts where those are longer. */
  gone: z.array(z.object({ fromMs: z.number(), toMs: z.number(), counts: z.array(EventTally) })),
  /** The oldest entry that is kept; null: none is. */
  oldestMs: z.number().nullable(),
  /** Up to when single entries were removed and only counts are left; null: nowhere. */
  goneUntilMs: z.number().nullable(),
  /** The counts of what is gone are of the whole cluster: null where they are counted in, else why they are not. */
  goneLeftOut: z.string().nullable(),
});
export type TimelineCounts = z.infer<typeof TimelineCounts>;

/** `POST /api/v1/clusters/{slug}/notes` (operator). `node` and `resource` both null: about the cluster. */
export const NewNote = z.object({
  text: z.string().trim().min(1).max(1_000),
  /** Null: now. */
  atMs: z.number().int().positive().nullable(),
  node: z.string().max(200).nullable(),
  resource: z.string().max(200).nullable(),
});
export type NewNote = z.infer<typeof NewNote>;

/** Answer to a NewNote. */
export const NoteMade = z.object({ id: z.string(), atMs: z.number() });
export type NoteMade = z.infer<typeof NoteMade>;
