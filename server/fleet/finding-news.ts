// SPDX-License-Identifier: Apache-2.0
import { keyOf, type View } from "@/agent/protocol/console/view";
import type { NewEvent } from "@/server/cluster/facts";
import { type RaisedFinding, tellEnded, tellRaised } from "@/server/timeline/findings";
import { type Remembered, rememberFindings } from "./finding-memory";

type Memory = ReadonlyMap<string, Remembered>;

/** Since when each finding holds. */
export function sinceOf(findings: Memory): ReadonlyMap<string, number> {
  return new Map([...findings].map(([id, { raised }]) => [id, raised.sinceMs]));
}

/** Those of the findings that people were told of. */
export function toldOf(findings: Memory): ReadonlySet<string> {
  return new Set([...findings].flatMap(([id, { raised }]) => (raised.title === null ? [] : [id])));
}

/** When the next finding of a view settles by the clock alone; null: none waits for it. */
export function nextToSettle(view: View): number | null {
  const waits = [...view.values()].flatMap((one) => (one.kind === "finding" && one.settlesAtMs !== undefined ? [one.settlesAtMs] : []));
  return waits.length > 0 ? Math.min(...waits) : null;
}

export interface FindingNews {
  kept: Memory;
  /** Null: those that stand are the same, and so is what was told of them. Else what is to be written, and what that tells. */
  write: { standing: ReadonlyMap<string, RaisedFinding>; told: NewEvent[] } | null;
}

/** What became of findings: those that appeared, settled or went are told; the rest of the view is not. */
export function findingNews(
  before: Memory,
  view: View,
  { agents, rulesOff, nowMs }: { agents: Pick<ReadonlySet<string>, "has">; rulesOff: ReadonlySet<string>; nowMs: number },
): FindingNews {
  const { kept, ended } = rememberFindings(before, view, agents, nowMs);
  const isSame = kept.size === before.size && [...kept].every(([id, { raised }]) => sameRaised(before.get(id)?.raised, raised));
  if (isSame) return { kept, write: null };
  const told: NewEvent[] = [];
  for (const [id, { raised }] of kept) {
    const finding = view.get(keyOf.finding(id));
    const isNews = raised.title !== null && (before.get(id)?.raised.title ?? null) === null;
    if (isNews && finding?.kind === "finding") told.push(tellRaised(id, finding, raised, nowMs));
  }
  for (const [id, end] of ended) {
    const raised = before.get(id)?.raised;
    const event = raised && tellEnded(id, raised, rulesOff.has(ruleOf(id)) ? "unwatched" : end, view, nowMs);
    if (event) told.push(event);
  }
  return { kept, write: { standing: new Map([...kept].map(([id, { raised }]) => [id, raised])), told } };
}

function sameRaised(known: RaisedFinding | undefined, raised: RaisedFinding): boolean {
  return known?.sinceMs === raised.sinceMs && (known.title === null) === (raised.title === null);
}

/** A finding's id begins with the name of its rule. */
function ruleOf(id: string): string {
  return id.split(":", 1)[0] ?? id;
}
