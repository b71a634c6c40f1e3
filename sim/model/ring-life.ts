// SPDX-License-Identifier: Apache-2.0
import { type Cluster, memberOf, type SimNode, type SimRing } from "./model";
import { carries } from "./network-life";
import { isOn } from "./scene";

/** Corosync runs on the node: it is up, and has found the others or itself. */
export function runsCorosync(cluster: Cluster, node: string): boolean {
  return isOn(cluster, node) && memberOf(cluster, node)?.isOnline === true;
}

/**
 * Whether two nodes hear each other on a ring. Corosync takes as long to miss a dead peer on its links as to lose it as a member,
 * so a node that has just died is still heard.
 */
export function isConnected(cluster: Cluster, ring: SimRing, a: string, b: string): boolean {
  if (ring.cuts.some((cut) => (cut.a === a && cut.b === b) || (cut.a === b && cut.b === a))) return false;
  return [a, b].every((name) => {
    const node = cluster.nodes.find((candidate) => candidate.name === name);
    return node !== undefined && memberOf(cluster, name)?.isOnline === true && carries(node, ring.interface);
  });
}

/** The other members of a node's cluster, in the order of their numbers. */
export function ringPeers(cluster: Cluster, node: SimNode): SimNode[] {
  return cluster.nodes.filter((other) => other.role === "member" && other.name !== node.name).sort((x, y) => x.id - y.id);
}
