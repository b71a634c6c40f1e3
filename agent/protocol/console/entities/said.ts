// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { SourceName } from "@/agent/protocol/sources";

/** What a state means to a person; each has one shape and one colour in the browser. The server alone decides it. */
export const Level = z.enum(["ok", "busy", "risk", "bad", "differs", "old", "unknown", "absent", "held"]);
export type Level = z.infer<typeof Level>;

/**
 * live: heard in time. stale: late. lost: silent for long. never: not heard since it was added.
 * recorded: as it was in a recording that somebody opened; never live.
 */
export const Freshness = z.enum(["live", "stale", "lost", "never", "recorded"]);
export type Freshness = z.infer<typeof Freshness>;

/** A state as a person reads it: a level, the word or short phrase, and where it needs one, the reason as a sentence. */
export const Said = z.object({ level: Level, word: z.string(), why: z.string().nullable() });
export type Said = z.infer<typeof Said>;

/** Where a value comes from. Age and freshness are those of `source:<node>/<source>`: they change for all its values at once. */
export const From = z.object({ node: z.string(), source: SourceName });
export type From = z.infer<typeof From>;
