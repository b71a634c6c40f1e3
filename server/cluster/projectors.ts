// SPDX-License-Identifier: Apache-2.0
import type { Entity } from "@/agent/protocol/console/view";
import type { SourceName, SourceValue } from "@/agent/protocol/sources";
import type { Timing } from "@/agent/protocol/timing";
import { aoeEntities } from "./aoe";
import { arrayEntities } from "./arrays";
import { backingEntities } from "./backing";
import { baselineOf } from "./bond-baseline";
import { bondEntities } from "./bonds";
import type { ClusterFacts, NodeFacts, SourceFacts } from "./facts";
import { type Standing, standingOf } from "./freshness";
import { iscsiEntities } from "./iscsi";
import { dlmEntities, ocfs2Entities } from "./lock-stacks";
import { drbdTestimonies, mirrorEntities } from "./mirrors";
import { mountEntities } from "./mounts";
import { poolEntities } from "./pools";
import { corosyncEntities } from "./rings";

/** Entities under their keys. */
export type Keyed = Iterable<readonly [string, Entity]>;

/** What a source of one node puts into the view by itself. One line per source that stands alone. */
const OF_ONE_NODE: {
  readonly [N in SourceName]?: (node: string, value: SourceValue<N>, standing: Standing, facts: NodeFacts) => Keyed;
} = {
  bonding: (node, value, standing, facts) => bondEntities(node, value, standing, baselineOf(facts)),
  ocfs2: ocfs2Entities,
  dlm: dlmEntities,
};

type Joined = (facts: ClusterFacts, entities: ReadonlyMap<string, Entity>, around: { nowMs: number; timing: Timing }) => Keyed;

/** What only several nodes together say: each sees what those before it put into the view. */
export const OF_ALL_NODES: readonly Joined[] = [
  (facts, _, around) => mirrorEntities(drbdTestimonies(facts, around)),
  aoeEntities,
  iscsiEntities,
  corosyncEntities,
  backingEntities,
  // Last: their legs and devices are what the others put into the view.
  arrayEntities,
  mountEntities,
  poolEntities,
];

/** What one node's sources put into the view, each by itself. */
export function* nodeParts(node: NodeFacts, sources: readonly SourceName[], around: { nowMs: number; timing: Timing }): Keyed {
  for (const source of sources) yield* partOf(node, source, around);
}

function partOf<N extends SourceName>(node: NodeFacts, source: N, around: { nowMs: number; timing: Timing }): Keyed {
  const project = OF_ONE_NODE[source];
  const facts: SourceFacts<N> | undefined = node.sources[source];
  if (!project || !facts?.lastOk) return [];
  return project(node.node, facts.lastOk.value, standingOf(node, source, around.nowMs, around.timing), node);
}
