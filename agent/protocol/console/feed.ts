// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { ClusterSlug } from "../names";
import { AGES } from "./ages";
import { UserRole } from "./api";
import { Entity, type EntityKind } from "./view";

/** What a page needs: every cluster in outline, or one cluster whole. */
export const Scope = z.discriminatedUnion("of", [
  z.object({ of: z.literal("fleet") }),
  z.object({ of: z.literal("cluster"), slug: ClusterSlug }),
]);
export type Scope = z.infer<typeof Scope>;

/** The kinds of entity the fleet scope carries. */
export const FLEET_KINDS: ReadonlySet<EntityKind> = new Set([
  "cluster",
  "node",
  "mirror",
  "verify",
  "finding",
  "event",
  "run",
  "safety",
  "maintenance",
]);

const Entities = z.record(z.string(), Entity);

/** Browser → console. */
export const BrowserFrame = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("scope"),
    scope: Scope,
  }),
  /** The numbers had a gap: send a snapshot. */
  z.object({ type: z.literal("resync") }),
]);
export type BrowserFrame = z.infer<typeof BrowserFrame>;

/** A whole scope. `number` is the number of the last patch it contains. */
export const Snapshot = z.object({
  type: z.literal("snapshot"),
  scope: Scope,
  number: z.number().int().nonnegative(),
  atMs: z.number(),
  clusters: z.record(z.string(), Entities),
});
export type Snapshot = z.infer<typeof Snapshot>;

/** Who the console takes this socket's browser for, before anything else: a page that was made for somebody else, or for another role, is made anew. */
export const Hello = z.object({ type: z.literal("hello"), user: z.string(), role: UserRole });

/**
 * Console → browser: a hello, a snapshot, then patches numbered without a gap; a pulse every second and a half. Each is a
 * message of text; a long patch comes packed, as a binary message: the same text in UTF-8, deflated without a header (RFC 1951).
 */
export const FeedFrame = z.discriminatedUnion("type", [
  Hello,
  Snapshot,
  z.object({
    type: z.literal("patch"),
    number: z.number().int().positive(),
    atMs: z.number(),
    /** Per cluster: entities that are new or replaced, and keys that are gone. A cluster that is gone has `remove: ["*"]`. */
    changes: z.record(
      z.string(),
      z.object({
        set: Entities,
        remove: z.array(z.string()),
        /** By key, what changed in entities that the browser has (see parts.ts). */
        parts: z.record(z.string(), z.record(z.string(), z.unknown())),
      }),
    ),
  }),
  /**
   * The console lives and this is its clock. `ages`: per cluster the text of ages.ts: since the last word of each `node:`
   * entity, then since the last good-or-bad reading of each `source:` entity, both in the order of their sorted keys.
   * Snapshots and patches carry exact times; "as told" counts on from those and from earlier pulses.
   */
  z.object({ type: z.literal("pulse"), atMs: z.number(), ages: z.record(z.string(), z.string().regex(AGES)) }),
  /** The console closes this socket and says why. */
  z.object({ type: z.literal("bye"), reason: z.enum(["sessionEnded", "roleChanged", "consoleStops"]) }),
]);
export type FeedFrame = z.infer<typeof FeedFrame>;
