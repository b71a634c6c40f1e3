// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { KernelLine } from "@/agent/protocol/model/kernel-log";
import { SourceName } from "@/agent/protocol/sources";
import { Acknowledgement, AlertHeld } from "../alerts";
import { Maintenance, Run, Verdict } from "../runs";
import { EventKind, EventPayload } from "../timeline";
import { VerifyState } from "../verify";
import { From, Level, Said } from "./said";

/** `finding:<id>`: something a person should know, from one rule. */
export const FindingEntity = z.object({
  kind: z.literal("finding"),
  rule: z.string(),
  level: Level,
  title: z.string(),
  why: z.string(),
  /** What to do next, as a sentence; null when there is nothing to do but wait. */
  todo: z.string().nullable(),
  /** Keys of the entities it is about, the main one first. */
  about: z.array(z.string()),
  sinceMs: z.number(),
  /** The id of the finding that it follows from, the root of the chain: told inside that one's line. Null or missing: it stands by itself. */
  cause: z.string().nullable().optional(),
  /** What people were told of it, where it is one that they are told of. Null or missing: it is none, or not yet. */
  alert: z.object({ id: z.string(), acknowledged: Acknowledgement.nullable(), held: AlertHeld.nullable() }).nullable().optional(),
  /** It may be passing: until then at the latest nobody is told of it, by the timeline or by an alert. Missing: it has settled. */
  settlesAtMs: z.number().optional(),
});
export type FindingEntity = z.infer<typeof FindingEntity>;

/** `event:<id>`: something that changed. The newest 60 of a cluster are in its view; all are in the database. */
export const EventEntity = z.object({
  kind: z.literal("event"),
  atMs: z.number(),
  node: z.string().nullable(),
  source: SourceName.nullable(),
  /** What it is about: "store", "crystal", "idmz". */
  subject: z.string(),
  /** "store in sync after 11 min 39 s" */
  text: z.string(),
  level: Level,
  /** "kernel, ruby", "Pacemaker", "found by the console". */
  by: z.string(),
  /** Missing: a change of state. */
  what: EventKind.optional(),
  /** Why, where that was said. */
  why: z.string().optional(),
  /** What it leads to: "run:<id>", "finding:<id>", "note:<id>". */
  ref: z.string().optional(),
  payload: EventPayload.optional(),
});
export type EventEntity = z.infer<typeof EventEntity>;

/** `kernel:<node>`: the newest kernel lines (at most 12), newest first. */
export const KernelEntity = z.object({ kind: z.literal("kernel"), from: From, lines: z.array(KernelLine) });

/** `run:<id>`: a command under way, or one that ended a little while ago. The audit has all of them. */
export const RunEntity = z.object({ kind: z.literal("run"), ...Run.shape });

/** `safety:<node>`: "Is it safe to take this node down now?" */
export const SafetyEntity = z.object({ kind: z.literal("safety"), ...Verdict.shape });

/** `maintenance:<node>`, or `maintenance:*` for the whole cluster: somebody holds it still on purpose, with an end. */
export const MaintenanceEntity = z.object({ kind: z.literal("maintenance"), ...Maintenance.shape, said: Said });

/** `verify:<resource>/<volume>`: what is known of a mirror's online verifies; `said` is the last result: "clean", "differs in 12 KiB", "aborted at 41 %", "never verified". */
export const VerifyEntity = z.object({
  kind: z.literal("verify"),
  resource: z.string(),
  volume: z.number().int(),
  said: Said,
  ...VerifyState.shape,
});
