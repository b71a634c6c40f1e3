// SPDX-License-Identifier: Apache-2.0
import type { AgentFrame } from "@/agent/protocol/messages";
import type { ClusterFacts, NewEvent } from "./facts";

/** What can happen to a cluster's facts: an agent's frame, or its socket opening or closing. */
export type Happening =
  | { type: "frame"; node: string; frame: Extract<AgentFrame, { type: "fact" | "line" | "gap" | "telemetry" | "pulse" }> }
  | { type: "linked"; node: string; agentVersion: string }
  | { type: "unlinked"; node: string };

/**
 * Folds one happening into the facts of a cluster. Pure; `nowMs` is the console's clock.
 * `events` is what changed, in words, for the timeline; the same frames in the same order give the same events
 * (texts, subjects, order), whatever restarts happened between them.
 */
export function reduce(facts: ClusterFacts, happening: Happening, nowMs: number): { facts: ClusterFacts; events: NewEvent[] } {
  void happening;
  void nowMs;
  return { facts, events: [] };
}
