// SPDX-License-Identifier: Apache-2.0
import { mirrorOf, nodeOf } from "@/sim/model/model";
import { defineFault, twoOf } from "./define";

const BLOCK_KIB = 4;

/** A block under a mirror changes without DRBD knowing: only the next verify finds it. */
export const rotBits = defineFault({
  name: "rot-bits",
  title: "Let a block rot under a mirror",
  args: ["NODE", "MIRROR"],
  isMoment: true,
  choices: (reach) =>
    reach.fleet().clusters.flatMap((cluster) => cluster.mirrors.flatMap((mirror) => mirror.copies.map((copy) => [copy.node, mirror.name]))),
  apply(reach, args) {
    const [node, mirrorName] = twoOf(["the node", "the mirror"], args);
    reach.change((scene) => {
      const { cluster } = nodeOf(scene.fleet, node);
      const link = mirrorOf(cluster, mirrorName).links.find((candidate) => candidate.a === node || candidate.b === node);
      if (!link) throw new Error(`${node} has no copy of ${mirrorName}.`);
      link.hiddenKib += BLOCK_KIB;
    });
  },
  repair(reach, args) {
    const [node, mirrorName] = twoOf(["the node", "the mirror"], args);
    reach.change((scene) => {
      for (const link of mirrorOf(nodeOf(scene.fleet, node).cluster, mirrorName).links) link.hiddenKib = 0;
    });
  },
});
