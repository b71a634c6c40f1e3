// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";

/**
 * What a guard's finding asks of a person.
 * block: not while it is so. type: type the name (admin). warn: accept it. inform: know it.
 */
export const GuardLevel = z.enum(["block", "type", "warn", "inform"]);
export type GuardLevel = z.infer<typeof GuardLevel>;

/** Something a guard has to say about a command, as a sentence that names what to do. */
export const GuardFinding = z.object({
  /** The guard's own name, "other-copy-is-up-to-date": what a confirmation accepts. */
  guard: z.string(),
  /** Its number in the catalogue of hazards (docs/guards.md): "3.1". */
  number: z.string(),
  level: GuardLevel,
  message: z.string(),
  /** Keys of the entities it is about, the main one first. */
  about: z.array(z.string()),
});
export type GuardFinding = z.infer<typeof GuardFinding>;

/**
 * How a command ended. done: as previewed. alreadySo: nothing was to be done. refused: nothing was written. failed: a tool
 * or the cluster refused half-way. unsettled: time over, the cluster is elsewhere. unknown: the link was lost, it may have
 * happened. interrupted: the console itself died in between.
 */
export const Outcome = z.enum(["done", "alreadySo", "refused", "failed", "unsettled", "unknown", "interrupted"]);
export type Outcome = z.infer<typeof Outcome>;

/** A verb with its arguments, as they are offered and asked for. */
export const Ask = z.object({ verb: z.string().max(40), args: z.record(z.string().max(40), z.unknown()) });
export type Ask = z.infer<typeof Ask>;

/** One stretch of a run, in words: "writes the change on ruby", "g_mail stops on ruby". */
export const Phase = z.object({
  says: z.string(),
  startedAtMs: z.number(),
  /** Null while it lasts. */
  endedAtMs: z.number().nullable(),
});
export type Phase = z.infer<typeof Phase>;

/** A command from its confirmation to its end. */
export const Run = z.object({
  id: z.string(),
  ask: Ask,
  /** "Standby ruby", "Move g_mail to crystal". */
  title: z.string(),
  /** Keys of the entities it is about, the main one first. */
  about: z.array(z.string()),
  by: z.string(),
  isDisruptive: z.boolean(),
  startedAtMs: z.number(),
  endedAtMs: z.number().nullable(),
  phases: z.array(Phase),
  outcome: Outcome.nullable(),
  /** How it ended, as a sentence: what, where, what next. Null while it runs. */
  says: z.string().nullable(),
  /** What takes it back; null when nothing does, or once the cluster has changed since. */
  undo: Ask.extend({ title: z.string() }).nullable(),
  /** What ends it early while it runs, for what may run for hours; null or missing: nothing does. */
  stop: Ask.extend({ title: z.string() }).nullable().optional(),
});
export type Run = z.infer<typeof Run>;

/** "Is it safe to take this node down now?", from the guards of standby. */
export const Verdict = z.object({
  node: z.string(),
  /** yes: no guard blocks it or warns. no: one does. unknown: facts are missing; never to be read as yes. */
  answer: z.enum(["yes", "no", "unknown"]),
  /** The answer as a sentence: "Yes. g_mail moves to crystal.", "No. ruby holds the only good copy of store." */
  says: z.string(),
  /** Every reason, and what would change it; the gravest first. */
  reasons: z.array(GuardFinding),
});
export type Verdict = z.infer<typeof Verdict>;

/** A maintenance that somebody declared, or that was found in the cluster without one. */
export const Maintenance = z.object({
  /** Null: the whole cluster. */
  node: z.string().nullable(),
  /** Who declared it, why, and when it is to end; null for one that was switched on elsewhere. */
  declared: z.object({ owner: z.string(), note: z.string(), startedAtMs: z.number(), endsAtMs: z.number() }).nullable(),
});
export type Maintenance = z.infer<typeof Maintenance>;
