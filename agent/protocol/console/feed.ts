// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { ClusterSlug } from "../names";
import { AGES } from "./ages";
import { UserRole } from "./api";
import { Entity, type EntityKind } from "./view";

const FleetScope = z.object({ of: z.literal("fleet") });
const ClusterScope = z.object({ of: z.literal("cluster"), slug: ClusterSlug });
/** The clusters that a wall's key is for; null: all. A socket of `/ws/wall` has this scope from its start, and no page may ask for it. */
const WallScope = z.object({ of: z.literal("wall"), clusters: z.array(ClusterSlug).nullable() });

/** What a page may ask for. */
const AskedScope = z.discriminatedUnion("of", [FleetScope, ClusterScope]);
export type AskedScope = z.infer<typeof AskedScope>;

/** What a page needs: every cluster in outline, one cluster whole, or what a wall shows. */
export const Scope = z.discriminatedUnion("of", [FleetScope, ClusterScope, WallScope]);
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

/** The kinds of entity a wall's scope carries: a screen that stands for weeks holds no list that grows. */
export const WALL_KINDS: ReadonlySet<EntityKind> = new Set([
  "cluster",
  "node",
  "mirror",
  "verify",
  "finding",
  "run",
  "safety",
  "maintenance",
]);

const Entities = z.record(z.string(), Entity);

/** Browser → console. */
export const BrowserFrame = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("scope"),
    scope: AskedScope,
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
export const Hello = z.object({
  type: z.literal("hello"),
  user: z.string(),
  role: UserRole,
  /** Names the build of the console's pages: a wall that was made by another one loads itself anew. */
  build: z.string().optional(),
});

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
