// SPDX-License-Identifier: Apache-2.0
import type { EventKind, EventPayload } from "@/agent/protocol/console/timeline";
import type { Level } from "@/agent/protocol/console/view";
import type { ClusterFacts, Memory } from "../facts";

/** One change in words, before it gets its time and its witness. */
export interface Told {
  subject: string;
  text: string;
  level: Level;
  /** Missing: a change of state. */
  what?: EventKind;
  /** Where it was before the frame that tells it: the node's clock. */
  atMs?: number;
  why?: string;
  /** What it tells, as fields; missing: only in words. */
  payload?: EventPayload;
}

export function told(subject: string, text: string, level: Level, what?: EventKind): Told {
  return { subject, text, level, ...(what && { what }) };
}

/** What a teller is given: two readings of one source of one node, one after the other. */
export interface Change<V> {
  node: string;
  /** The last good value; null when this is the first. */
  before: V | null;
  after: V;
  memory: Memory;
  /** The node's clock at the frame. */
  rawMs: number;
  /** The whole cluster's facts before this frame: to name the other side, never to decide by its freshness. */
  facts: ClusterFacts;
}

export interface Telling {
  told: Told[];
  memory: Memory;
}
