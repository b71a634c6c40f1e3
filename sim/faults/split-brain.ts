// SPDX-License-Identifier: Apache-2.0
import { splitLink } from "@/sim/model/drbd-life";
import { copyOf, mirrorOf, nodeOf, otherEnd } from "@/sim/model/model";
import { later } from "@/sim/model/scene";
import { defineFault, twoOf } from "./define";

/** Both copies were written while they could not see each other. Repaired as a person does it: this node's changes are thrown away. */
export const splitBrain = defineFault({
  name: "split-brain",
  title: "Let both copies of a mirror be written while they are apart",
  args: ["NODE", "MIRROR"],
  choices: (reach) =>
    reach
      .fleet()
      .clusters.flatMap((cluster) =>
        cluster.mirrors.flatMap((mirror) =>
          mirror.copies.filter(({ role }) => role === "Secondary").map((copy) => [copy.node, mirror.name]),
        ),
      ),
  apply(reach, args) {
    const [node, mirrorName] = twoOf(["the node whose changes will be thrown away", "the mirror"], args);
    const mirror = mirrorOf(nodeOf(reach.fleet(), node).cluster, mirrorName);
    if (copyOf(mirror, node).role === "Primary") throw new Error(`${node} is Primary for ${mirrorName}: name the other node.`);
    reach.change((scene) => {
      const { cluster } = nodeOf(scene.fleet, node);
      const torn = mirrorOf(cluster, mirrorName);
      for (const link of torn.links.filter(({ a, b }) => a === node || b === node)) {
        if (copyOf(torn, otherEnd(link, node)).role === "Primary") splitLink(scene, cluster, torn, link);
      }
    });
  },
  repair(reach, args) {
    const [node, mirrorName] = twoOf(["the node", "the mirror"], args);
    reach.change((scene) => {
      const { cluster } = nodeOf(scene.fleet, node);
      for (const link of mirrorOf(cluster, mirrorName).links.filter(({ a, b }) => a === node || b === node)) {
        if (link.state !== "standAlone") continue;
        Object.assign(link, { state: "waiting", by: null });
        later(scene, cluster, 800, { kind: "linkFound", mirror: mirrorName, a: link.a, b: link.b });
      }
    });
  },
});
