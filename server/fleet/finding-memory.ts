// SPDX-License-Identifier: Apache-2.0
import type { View } from "@/agent/protocol/console/view";
import { type Around, standingOf } from "@/server/findings/over";
import type { Ended } from "@/server/findings/standing";
import { trustedWitnesses } from "@/server/findings/witnesses";
import { type RaisedFinding, raisedFrom } from "@/server/timeline/findings";

/** The findings that stand, by id: those that are found, and those that nobody could call over yet. */
export type FindingMemory = ReadonlyMap<string, RaisedFinding>;

/**
 * What is to be remembered of a view's findings. One that is not found any more and did not end stands on: should it be found again, it
 * holds since it was first seen.
 */
export function rememberFindings(
  known: FindingMemory,
  around: Around & { view: View },
): { kept: FindingMemory; ended: ReadonlyMap<string, Ended> } {
  const { view, agents } = around;
  const kept = new Map<string, RaisedFinding>();
  const ended = new Map<string, Ended>();
  for (const [key, entity] of view) {
    if (entity.kind !== "finding") continue;
    kept.set(key.slice("finding:".length), raisedFrom(entity, trustedWitnesses(entity, view, agents)));
  }
  for (const [id, raised] of known) {
    if (kept.has(id)) continue;
    const standing = standingOf({ id, witnesses: raised.witnesses }, around);
    if (standing.is === "ended") ended.set(id, standing);
    else kept.set(id, raised);
  }
  return { kept, ended };
}
