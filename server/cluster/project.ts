// SPDX-License-Identifier: Apache-2.0

import type { View } from "@/agent/protocol/console/view";
import type { Timing } from "@/agent/protocol/timing";
import type { ClusterFacts, StoredEvent } from "./facts";

/** What the view needs beside the facts. */
export interface Surroundings {
  nowMs: number;
  timing: Timing;
  /** The newest 60 events, newest first. */
  events: readonly StoredEvent[];
  /** Since when each finding holds, by finding id; one that is new holds since `nowMs`. */
  findingSince: ReadonlyMap<string, number>;
}

/**
 * The view of a cluster: what a person sees, computed from testimony and the clock. Pure.
 * Entities that did not change keep their reference when `before` is the previous view.
 */
export function project(facts: ClusterFacts, around: Surroundings, before: View): View {
  void facts;
  void around;
  return before;
}
