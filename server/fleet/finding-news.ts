// SPDX-License-Identifier: Apache-2.0
import { keyOf, type View } from "@/agent/protocol/console/view";
import type { NewEvent } from "@/server/cluster/facts";
import { same } from "@/server/cluster/same";
import type { Around } from "@/server/findings/over";
import { type RaisedFinding, tellEnded, tellRaised } from "@/server/timeline/findings";
import { type FindingMemory, rememberFindings } from "./finding-memory";

/** Since when each finding holds. */
export function sinceOf(findings: FindingMemory): ReadonlyMap<string, number> {
  return new Map([...findings].map(([id, { sinceMs }]) => [id, sinceMs]));
}

/** Those of the findings that people were told of. */
export function toldOf(findings: FindingMemory): ReadonlySet<string> {
  return new Set([...findings].flatMap(([id, { title }]) => (title === null ? [] : [id])));
}

/** When the next finding of a view settles by the clock alone; null: none waits for it. */
export function nextToSettle(view: View): number | null {
  const waits = [...view.values()].flatMap((one) => (one.kind === "finding" && one.settlesAtMs !== undefined ? [one.settlesAtMs] : []));
  return waits.length > 0 ? Math.min(...waits) : null;
}

export interface FindingNews {
  kept: FindingMemory;
  /** Null: those that stand are the same, and so is what was told of them. Else what is to be written, and what that tells. */
  write: { standing: FindingMemory; told: NewEvent[] } | null;
}

/** What became of findings: those that appeared, settled or ended are told; the rest of the view is not. */
export function findingNews(before: FindingMemory, around: Around, nowMs: number): FindingNews {
  const { kept, ended } = rememberFindings(before, around);
  const isSame = kept.size === before.size && [...kept].every(([id, raised]) => sameRaised(before.get(id), raised));
  if (isSame) return { kept, write: null };
  const told: NewEvent[] = [];
  for (const [id, raised] of kept) {
    const finding = around.view.get(keyOf.finding(id));
    const isNews = raised.title !== null && (before.get(id)?.title ?? null) === null;
    if (isNews && finding?.kind === "finding") told.push(tellRaised(id, finding, raised, nowMs));
  }
  for (const [id, end] of ended) {
    const raised = before.get(id);
    const event = raised && tellEnded(id, raised, end, nowMs);
    if (event) told.push(event);
  }
  return { kept, write: { standing: kept, told } };
}

function sameRaised(known: RaisedFinding | undefined, raised: RaisedFinding): boolean {
  if (known === undefined || known.sinceMs !== raised.sinceMs) return false;
  return (known.title === null) === (raised.title === null) && same(known.witnesses, raised.witnesses);
}
