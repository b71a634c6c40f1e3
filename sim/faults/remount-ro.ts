// SPDX-License-Identifier: Apache-2.0
import { nodeOf } from "@/sim/model/model";
import { mayStop, stopWrites } from "@/sim/model/mount-life";
import { defineFault, twoOf } from "./define";

/** A file system finds an error and takes no more writes; repaired it was checked and mounted again. */
export const remountRo = defineFault({
  name: "remount-ro",
  title: "Let a file system turn read-only",
  args: ["NODE", "MOUNT"],
  choices: (reach) =>
    reach
      .fleet()
      .clusters.flatMap((cluster) => cluster.nodes.flatMap((node) => mayStop(cluster, node).map((mountPoint) => [node.name, mountPoint]))),
  apply(reach, args) {
    const [name, mountPoint] = twoOf(["the node", "where it is mounted"], args);
    const { cluster, node } = nodeOf(reach.fleet(), name);
    const able = mayStop(cluster, node);
    if (!able.includes(mountPoint)) throw new Error(`${name} has no ext4 at ${mountPoint}. Mounts: ${able.join(", ") || "none"}.`);
    reach.change((scene) => {
      const changed = nodeOf(scene.fleet, name);
      stopWrites(scene, changed.cluster, changed.node, mountPoint);
    });
  },
  repair(reach, args) {
    const [name, mountPoint] = twoOf(["the node", "where it is mounted"], args);
    reach.change((scene) => {
      const { node } = nodeOf(scene.fleet, name);
      node.stopped = node.stopped.filter((one) => one !== mountPoint);
    });
  },
});
