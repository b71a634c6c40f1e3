// SPDX-License-Identifier: Apache-2.0
import { copyOf, mirrorOf, nodeOf } from "@/sim/model/model";
import { defineFault, type FaultReach, twoOf } from "./define";

function bypass(reach: FaultReach, args: readonly string[], isBypassed: boolean): void {
  const [node, mirror] = twoOf(["the node", "the mirror"], args);
  copyOf(mirrorOf(nodeOf(reach.fleet(), node).cluster, mirror), node);
  reach.change((scene) => void Object.assign(copyOf(mirrorOf(nodeOf(scene.fleet, node).cluster, mirror), node), { isBypassed }));
}

/** LVM finds a guest's volume group on the disk below a mirror, and activates it there: past DRBD. */
export const bypassMirror = defineFault({
  name: "bypass-mirror",
  title: "Activate a volume group on the disk below a mirror",
  args: ["NODE", "MIRROR"],
  choices: (reach) =>
    reach.fleet().clusters.flatMap((cluster) => cluster.mirrors.flatMap(({ name, copies }) => copies.map(({ node }) => [node, name]))),
  apply: (reach, args) => bypass(reach, args, true),
  repair: (reach, args) => bypass(reach, args, false),
});
