// SPDX-License-Identifier: Apache-2.0
import type { ClusterFacts } from "./facts";

/** What this console calls the nodes that Corosync has numbers for. */
export type RingNames = ReadonlyMap<number, string>;

/**
 * A node's own word for its number comes first; a number that two nodes claim names neither. Then the names of corosync.conf and of
 * the members, which may be addresses.
 */
export function ringNames(facts: ClusterFacts): RingNames {
  const claims = new Map<number, string[]>();
  const said = new Map<number, string>();
  for (const { node, sources } of facts.nodes.values()) {
    const value = sources.corosync?.lastOk?.value;
    if (!value) continue;
    if (value.localNodeId !== null) claims.set(value.localNodeId, [...(claims.get(value.localNodeId) ?? []), node]);
    for (const { nodeId, name } of [...(value.configured ?? []), ...(value.members ?? [])])
      if (nodeId !== null && name !== null && !said.has(nodeId)) said.set(nodeId, name);
  }
  const names = new Map(said);
  for (const [id, [first, second]] of claims) if (first !== undefined && second === undefined) names.set(id, first);
  return names;
}

export function nameOf(names: RingNames, id: number): string {
  return names.get(id) ?? `node ${id}`;
}
