// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { Offer } from "./commands";

/**
 * How blocks that a verify marked are made the same again, by the generation of both ends. reconnect: disconnect and connect (8.3, 8.4).
 * write: the same with one write on the Primary in between (DRBD 9 before 9.0.29). invalidate: `--reset-bitmap=no` (since).
 */
export const RepairMethod = z.enum(["reconnect", "write", "invalidate"]);
export type RepairMethod = z.infer<typeof RepairMethod>;

/** One step of a guided repair. Which is next is read off the mirror itself: nothing is remembered but who did the last one. */
export const RepairStep = z.object({
  id: z.enum(["disconnect", "write", "connect", "take", "verify"]),
  title: z.string(),
  /** What it does and why, in sentences. */
  says: z.string(),
  /** The exact command, and the node it is for; null where there is none. */
  command: z.object({ node: z.string(), line: z.string() }).nullable(),
  /** command: the console does it, when a person confirms it. manual: a person does it on the node, for the console never would. look: on this page. */
  kind: z.enum(["command", "manual", "look"]),
  state: z.enum(["done", "running", "next", "later"]),
  /** What opens the dialog of the step that is next; null for the others, and for what is done by hand. */
  offer: Offer.nullable(),
  /** What the nodes must show afterwards, before the next. */
  check: z.string(),
  /** What was found when it was checked, where that was not what was wanted. */
  found: z.string().nullable(),
});
export type RepairStep = z.infer<typeof RepairStep>;

/** The repair of one line between two copies. */
export const Repair = z.object({
  /** Whose data stays, and whose blocks are overwritten; null where that cannot be told. */
  direction: z.object({ from: z.string(), to: z.string() }).nullable(),
  /** So much is overwritten; null: not known. */
  bytes: z.number().nullable(),
  method: RepairMethod.nullable(),
  /** "8.4.11", "9.2.8 and 9.0.20" */
  versions: z.string(),
  /** "32 KiB on crystal will be overwritten with ruby's copy." */
  says: z.string(),
  /** Why there is no way now, in sentences; then there are no steps. */
  refusal: z.string().nullable(),
  /** Somebody disconnected it for this and has not connected it again. */
  halfWay: z.object({ by: z.string(), atMs: z.number() }).nullable(),
  steps: z.array(RepairStep),
});
export type Repair = z.infer<typeof Repair>;

/** `GET /api/v1/clusters/{slug}/mirrors/{resource}/{volume}/repair` (viewer): what a verify left to be done, a line between two copies each. */
export const RepairPlan = z.object({
  atMs: z.number(),
  resource: z.string(),
  volume: z.number().int(),
  /** "Nothing is marked out of sync.", or what is to be repaired. */
  says: z.string(),
  repairs: z.array(Repair),
});
export type RepairPlan = z.infer<typeof RepairPlan>;
