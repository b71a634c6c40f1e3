// SPDX-License-Identifier: Apache-2.0
import { type Entity, keyOf, type View } from "@/agent/protocol/console/view";
import { SourceName } from "@/agent/protocol/sources";
import { aheadSeconds } from "@/server/cluster/clock";
import type { ClusterFacts, NodeFacts } from "@/server/cluster/facts";

/**
 * The view with the ages its facts have by now. A word of an agent that only says "read again, nothing changed" moves no view;
 * whoever asks for ages in between must still not be told old ones.
 */
export function withAges(view: View, facts: ClusterFacts): View {
  const aged = new Map<string, Entity>(view);
  for (const node of facts.nodes.values()) {
    const key = keyOf.node(node.node);
    const entity = view.get(key);
    if (entity?.kind === "node" && entity.lastWordAtMs !== node.lastWordAtMs) {
      aged.set(key, { ...entity, lastWordAtMs: node.lastWordAtMs });
    }
    for (const source of SourceName.options) {
      const known = view.get(keyOf.source(node.node, source));
      const now = node.sources[source];
      if (known?.kind !== "source" || !now || (known.takenAtMs === now.takenAtMs && known.okAtMs === now.okAtMs)) continue;
      aged.set(keyOf.source(node.node, source), { ...known, takenAtMs: now.takenAtMs, okAtMs: now.okAtMs });
    }
  }
  return aged;
}

/** Whether a source is read at another pace than before, or the node's clock was set: unlike an age, that is a change of the view. */
export function isMoreThanAges(before: NodeFacts | undefined, after: NodeFacts | undefined): boolean {
  if (before && after && aheadSeconds(before) !== aheadSeconds(after)) return true;
  return SourceName.options.some((source) => {
    const [was, now] = [before?.sources[source], after?.sources[source]];
    return was?.everyMs !== now?.everyMs || was?.heldOver !== now?.heldOver;
  });
}
