// SPDX-License-Identifier: Apache-2.0
import { copyOf, type Fleet, type MirrorCopy, mirrorOf, nodeOf } from "@/sim/model/model";
import { defineFault, type FaultReach, twoOf } from "./define";

function copyIn(fleet: Fleet, node: string, mirror: string): MirrorCopy {
  const { cluster, node: own } = nodeOf(fleet, node);
  const copy = copyOf(mirrorOf(cluster, mirror), node);
  // What its kernel has is shown by no tool of 8.3.
  if (own.drbd?.generation === "8.3") throw new Error(`${node} runs DRBD 8.3: nobody would see it.`);
  return copy;
}

function allow(reach: FaultReach, args: readonly string[], allowsTwo: boolean): void {
  const [node, mirror] = twoOf(["the node", "the mirror"], args);
  copyIn(reach.fleet(), node, mirror);
  reach.change((scene) => void Object.assign(copyIn(scene.fleet, node, mirror), { allowsTwo }));
}

/** `drbdadm net-options --allow-two-primaries` on one side alone: a line that stands stays, and is refused when it is made anew. */
export const allowTwo = defineFault({
  name: "allow-two",
  title: "Allow two Primaries on one side of a mirror alone",
  args: ["NODE", "MIRROR"],
  choices: (reach) =>
    reach
      .fleet()
      .clusters.flatMap((cluster) =>
        cluster.mirrors.flatMap(({ name, copies }) =>
          copies.flatMap(({ node }) => (nodeOf(reach.fleet(), node).node.drbd?.generation === "8.3" ? [] : [[node, name]])),
        ),
      ),
  apply: (reach, args) => allow(reach, args, true),
  repair: (reach, args) => allow(reach, args, false),
});
