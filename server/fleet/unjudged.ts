// SPDX-License-Identifier: Apache-2.0
import { type Entity, type EntityOf, keyOf, type View } from "@/agent/protocol/console/view";
import type { ClusterFacts } from "@/server/cluster/facts";
import { unjudgedOf } from "@/server/cluster/kinds";

const HEADLINE = {
  level: "unknown" as const,
  word: "Cannot judge: the console failed at this cluster",
  why: "What is shown is as it was before. The console's log says what failed.",
};

/**
 * The view to show when a fault of ours keeps the facts from becoming one: what was last known, all of it marked old, and said so.
 * One cluster's fault then neither stops the console nor passes for a calm cluster.
 */
export function unjudged({ slug, title, environment }: ClusterFacts, before: View): View {
  const view = new Map<string, Entity>();
  for (const [key, entity] of before) view.set(key, unjudgedOf(entity));
  const known = view.get(keyOf.cluster);
  const cluster: EntityOf<"cluster"> =
    known?.kind === "cluster"
      ? { ...known, headline: HEADLINE }
      : { kind: "cluster", slug, title, environment, madeOf: "", headline: HEADLINE, sinceMs: null, pacemaker: null, dissent: [] };
  view.set(keyOf.cluster, cluster);
  return view;
}
