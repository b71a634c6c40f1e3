// SPDX-License-Identifier: Apache-2.0
import type { Moment } from "@/agent/protocol/console/history";
import { SOURCE_WORDS } from "@/agent/protocol/console/source-words";
import type { SourceName } from "@/agent/protocol/sources";
import type { ClusterFacts } from "@/server/cluster/facts";

/** A pace this slow stands beside a doorbell, which rings for every change: nobody waits for it. Source: agent/collectors/pacemaker. */
const BESIDE_A_BELL_MS = 30_000;
/** From a change to its reading where a doorbell rings: crm_mon -i 1 holds events back for up to 1 s, and is then asked once more. */
const RUNG_WITHIN_MS = 1_500;

/** When and by whom a change in a source's newest good reading was seen; null when there is none. `beforeMs`: the reading before it. */
export function momentOf(facts: ClusterFacts, node: string, source: SourceName, beforeMs: number | null): Moment | null {
  const known = facts.nodes.get(node)?.sources[source];
  if (known?.okAtMs == null) return null;
  const pace = known.everyMs >= BESIDE_A_BELL_MS ? RUNG_WITHIN_MS : known.everyMs;
  const gap = beforeMs === null ? pace : Math.max(0, known.okAtMs - beforeMs);
  return { atMs: known.okAtMs, withinMs: Math.min(pace, gap), by: `${SOURCE_WORDS[source].name} as ${node} sees it` };
}
