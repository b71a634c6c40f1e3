// SPDX-License-Identifier: Apache-2.0
import { type Fleet, type MirrorLink, mirrorOf, nodeOf } from "@/sim/model/model";
import { defineFault, twoOf } from "./define";

/** So many blocks of each verify. */
const BLOCKS = 3;

function linksOf(fleet: Fleet, node: string, mirror: string): MirrorLink[] {
  const links = mirrorOf(nodeOf(fleet, node).cluster, mirror).links.filter((link) => link.a === node || link.b === node);
  if (links.length === 0) throw new Error(`${node} has no copy of ${mirror}.`);
  return links;
}

/** Something writes to buffers while they are on their way (a swap, a truncated file): each verify finds other blocks. */
export const changeInFlight = defineFault({
  name: "change-in-flight",
  title: "Change buffers in flight under a mirror",
  args: ["NODE", "MIRROR"],
  choices: (reach) =>
    reach.fleet().clusters.flatMap((cluster) => cluster.mirrors.flatMap((mirror) => mirror.copies.map((copy) => [copy.node, mirror.name]))),
  apply(reach, args) {
    const [node, mirror] = twoOf(["the node", "the mirror"], args);
    reach.change((scene) => {
      for (const link of linksOf(scene.fleet, node, mirror)) link.fleetingBlocks = BLOCKS;
    });
  },
  repair(reach, args) {
    const [node, mirror] = twoOf(["the node", "the mirror"], args);
    reach.change((scene) => {
      for (const link of linksOf(scene.fleet, node, mirror)) link.fleetingBlocks = 0;
    });
  },
});
