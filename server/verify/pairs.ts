// SPDX-License-Identifier: Apache-2.0
import type { DrbdDevice, DrbdPeer } from "@/agent/protocol/model/drbd";
import type { ClusterFacts } from "@/server/cluster/facts";
import { type Side, sidesOf } from "@/server/cluster/join";
import { namedMirrors } from "@/server/cluster/mirrors";
import { byName } from "@/server/cluster/words";

/** One end of a pair: a node's device, and what it says of the peer at the other end. */
export interface PairSide {
  node: string;
  device: DrbdDevice;
  peer: DrbdPeer;
  side: Side;
}

/** Two copies of a mirror that a verify compares. */
export interface Pair {
  resource: string;
  volume: number;
  /** One or two ends; the other node by name where only one is read. */
  sides: PairSide[];
  nodes: string[];
}

/** Every pair of copies of a cluster, as its nodes last said. */
export function pairsOf(facts: ClusterFacts): Pair[] {
  const sides = [...facts.nodes.values()].flatMap(({ node, sources }) => {
    const value = sources.drbd?.lastOk?.value;
    return value ? sidesOf(node, value) : [];
  });
  return namedMirrors(sides).flatMap(({ joined, resource, volume }) =>
    joined.lines.map(({ a, aPeer, b, bPeer, bName }): Pair => {
      const ends: PairSide[] = [];
      if (aPeer) ends.push({ node: a.node, device: a.device, peer: aPeer, side: a });
      if (b && bPeer) ends.push({ node: b.node, device: b.device, peer: bPeer, side: b });
      return { resource, volume, sides: ends, nodes: bName === null ? [a.node] : [a.node, bName] };
    }),
  );
}

/** The other node of a pair; null where nobody names it. */
export function otherOf({ nodes }: Pair, node: string): string | null {
  return nodes.find((one) => one !== node) ?? null;
}

/** Two nodes as one name, whatever their order. */
export function pairName(nodes: readonly string[]): string {
  return [...nodes].sort(byName).join("+");
}
