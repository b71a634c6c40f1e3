// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { Incident, ServiceState } from "@/agent/protocol/console/history";

/** An incident as it is followed: what is shown, and what its next word is judged by. Kept with it, so that a restart goes on from it. */
export const FollowedIncident = z.object({
  incident: Incident,
  /** Grows with every change: of two versions the higher one is newer. */
  revision: z.number().int(),
  /** Entries of the fence history that were there before it: no part of it. */
  knownFencings: z.array(z.string()),
  /** The cluster has called the node gone: only then can it come back. */
  wasGone: z.boolean(),
  /** Services left a node and are nowhere else yet: they may come back where they were. Shown to nobody, and not kept. */
  isCandidate: z.literal(true).optional(),
});
export type FollowedIncident = z.infer<typeof FollowedIncident>;

/** A stretch of a service's state; `toMs` null while it lasts. `node`: where it ran last, while that was one node. */
export const KeptSpan = z.object({
  service: z.string(),
  state: ServiceState,
  fromMs: z.number(),
  toMs: z.number().nullable(),
  why: z.string().nullable(),
  node: z.string().nullable(),
});
export type KeptSpan = z.infer<typeof KeptSpan>;

/** What is to be written of a cluster's history. A span replaces the one of the same service that begins at the same moment. */
export interface HistoryWrites {
  incidents: readonly FollowedIncident[];
  spans: readonly KeptSpan[];
}
export const NOTHING_TO_WRITE: HistoryWrites = { incidents: [], spans: [] };
