// SPDX-License-Identifier: Apache-2.0
import { type Age, formatAges } from "@/agent/protocol/console/ages";
import type { Scope } from "@/agent/protocol/console/feed";
import type { View } from "@/agent/protocol/console/view";
import type { ClusterFacts } from "@/server/cluster/facts";

/** When each entity last spoke or was read, as its audience was last told by a pulse. Units: console clock, epoch ms; null for never. */
export type Told = ReadonlyMap<string, number | null>;

/** Ages are told in tenths of a second: less than that is the jitter of a clock's translation, not another reading. */
const TENTH_MS = 100;

/** Ages come from the facts: to bring those in the view up to them would make a new view of every cluster at every pulse. */
function wordsOf(view: View, facts: ClusterFacts | null, scope: Scope): [string, number | null][] {
  const nodes: [string, number | null][] = [];
  const sources: [string, number | null][] = [];
  for (const [key, entity] of view) {
    if (entity.kind === "node") {
      const node = facts?.nodes.get(entity.name);
      nodes.push([key, node ? node.lastWordAtMs : entity.lastWordAtMs]);
    }
    if (entity.kind === "source" && scope.of === "cluster") {
      const source = facts?.nodes.get(entity.node)?.sources[entity.source];
      sources.push([key, source ? source.takenAtMs : entity.takenAtMs]);
    }
  }
  const byKey = (a: [string, unknown], b: [string, unknown]) => (a[0] < b[0] ? -1 : 1);
  return [...nodes.sort(byKey), ...sources.sort(byKey)];
}

function isAsTold(before: number | null | undefined, atMs: number | null): before is number | null {
  if (before === undefined || before === null || atMs === null) return before === atMs;
  return Math.abs(atMs - before) < TENTH_MS;
}

/**
 * The ages of one cluster for a pulse (those in its view may be behind), and what its audience then knows. Whoever joined since the last pulse has exact times
 * from a snapshot, and what was read after that snapshot was read after that pulse too: it is told again.
 */
export function agesOf(
  { view, facts }: { view: View; facts: ClusterFacts | null },
  scope: Scope,
  nowMs: number,
  told: Told,
): { text: string; told: Told } {
  const after = new Map<string, number | null>();
  const ages = wordsOf(view, facts, scope).map(([key, atMs]): Age => {
    const before = told.get(key);
    if (isAsTold(before, atMs)) {
      // What was told stays the measure: small differences must not add up unsaid.
      after.set(key, before);
      return "asTold";
    }
    after.set(key, atMs);
    return atMs === null ? "never" : Math.max(0, Math.round((nowMs - atMs) / TENTH_MS));
  });
  return { text: formatAges(ages), told: after };
}
