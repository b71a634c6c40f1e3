// SPDX-License-Identifier: Apache-2.0

import { leaveLink } from "@/sim/model/copy-life";
import { type Fleet, type Mirror, type MirrorLink, nodeOf } from "@/sim/model/model";
import { later } from "@/sim/model/scene";
import { defineFault, twoOf } from "./define";

function linksOf(fleet: Fleet, nodeName: string, mirrorName: string): { mirror: Mirror; links: MirrorLink[] } {
  const { cluster } = nodeOf(fleet, nodeName);
  const mirror = cluster.mirrors.find(
    (candidate) => candidate.name === mirrorName && candidate.copies.some((copy) => copy.node === nodeName),
  );
  if (!mirror) throw new Error(`${nodeName} has no copy of ${mirrorName}.`);
  return { mirror, links: mirror.links.filter((link) => link.a === nodeName || link.b === nodeName) };
}

/** Somebody disconnects a mirror by hand on one node: that side stands alone, the others wait. */
export const disconnect = defineFault({
  name: "disconnect",
  title: "Disconnect a mirror by hand",
  args: ["NODE", "MIRROR"],
  choices: (reach) =>
    reach.fleet().clusters.flatMap((cluster) => cluster.mirrors.flatMap((mirror) => mirror.copies.map((copy) => [copy.node, mirror.name]))),
  apply(reach, args) {
    const [node, mirrorName] = twoOf(["the node", "the mirror"], args);
    linksOf(reach.fleet(), node, mirrorName);
    reach.change((scene) => {
      const { mirror, links } = linksOf(scene.fleet, node, mirrorName);
      for (const link of links) leaveLink(scene, nodeOf(scene.fleet, node).cluster, mirror, link, node);
    });
  },
  repair(reach, args) {
    const [node, mirrorName] = twoOf(["the node", "the mirror"], args);
    linksOf(reach.fleet(), node, mirrorName);
    reach.change((scene) => {
      const { cluster } = nodeOf(scene.fleet, node);
      for (const link of linksOf(scene.fleet, node, mirrorName).links) {
        if (link.state !== "standAlone") continue;
        Object.assign(link, { state: "waiting", by: null });
        later(scene, cluster, 800, { kind: "linkFound", mirror: mirrorName, a: link.a, b: link.b });
      }
    });
  },
});
