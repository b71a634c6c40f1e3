// SPDX-License-Identifier: Apache-2.0
import { type Cluster, nodeOf, type SimRing } from "@/sim/model/model";
import { ringPeers } from "@/sim/model/ring-life";
import { defineFault, type FaultReach } from "./define";

interface Asked {
  cluster: Cluster;
  ring: SimRing;
  a: string;
  b: string;
}

function read(reach: Pick<FaultReach, "fleet">, args: readonly string[]): Asked {
  const [a, b, number, more] = args;
  if (!a || !b || !number || more !== undefined) throw new Error("Say the node, its peer and the number of the ring, and nothing else.");
  const { cluster, node } = nodeOf(reach.fleet(), a);
  if (!ringPeers(cluster, node).some((peer) => peer.name === b)) throw new Error(`${a} and ${b} are not of one cluster.`);
  const ring = cluster.rings.find(({ link }) => String(link) === number);
  if (!ring) throw new Error(`${cluster.slug} has no ring ${number}. Rings: ${cluster.rings.map(({ link }) => link).join(", ")}.`);
  return { cluster, ring, a, b };
}

const isCut = (ring: SimRing, a: string, b: string): boolean =>
  ring.cuts.some((cut) => (cut.a === a && cut.b === b) || (cut.a === b && cut.b === a));

/** Something between two nodes eats what Corosync sends on one ring: another ring carries on, and Pacemaker notices nothing. */
export const cutRing = defineFault({
  name: "cut-ring",
  title: "Cut a Corosync ring between two nodes",
  args: ["NODE", "PEER", "RING"],
  choices: (reach) =>
    reach.fleet().clusters.flatMap((cluster) =>
      cluster.nodes.flatMap((node) =>
        ringPeers(cluster, node)
          .filter((peer) => node.role === "member" && peer.id > node.id)
          .flatMap((peer) => cluster.rings.map(({ link }) => [node.name, peer.name, String(link)])),
      ),
    ),
  apply(reach, args) {
    const { cluster, ring, a, b } = read(reach, args);
    if (cluster.rings.every((other) => other === ring || isCut(other, a, b)))
      throw new Error(`Ring ${ring.link} is the last between ${a} and ${b}: without it they would lose each other.`);
    reach.change((scene) => {
      const { ring: own } = read({ fleet: () => scene.fleet }, args);
      if (!isCut(own, a, b)) own.cuts.push({ a, b });
    });
  },
  repair(reach, args) {
    read(reach, args);
    reach.change((scene) => {
      const { ring, a, b } = read({ fleet: () => scene.fleet }, args);
      ring.cuts = ring.cuts.filter((cut) => !isCut({ ...ring, cuts: [cut] }, a, b));
    });
  },
});
