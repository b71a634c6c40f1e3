// SPDX-License-Identifier: Apache-2.0
import { mirrorOf, nodeOf } from "@/sim/model/model";
import { startVerify } from "@/sim/model/verify-life";
import { defineFault, twoOf } from "./define";

/** Somebody starts an online verify on a node by hand. It ends by itself; repairing it is `drbdadm disconnect` and `connect`. */
export const runVerify = defineFault({
  name: "run-verify",
  title: "Start a verify by hand",
  args: ["NODE", "MIRROR"],
  isMoment: true,
  choices: (reach) =>
    reach.fleet().clusters.flatMap((cluster) => cluster.mirrors.flatMap((mirror) => mirror.copies.map((copy) => [copy.node, mirror.name]))),
  apply(reach, args) {
    const [node, mirrorName] = twoOf(["the node", "the mirror"], args);
    reach.change((scene) => {
      const { cluster } = nodeOf(scene.fleet, node);
      startVerify(scene, cluster, mirrorOf(cluster, mirrorName), node);
    });
  },
  repair(reach, args) {
    const [node, mirrorName] = twoOf(["the node", "the mirror"], args);
    reach.change((scene) => {
      for (const link of mirrorOf(nodeOf(scene.fleet, node).cluster, mirrorName).links) if (link.sync?.kind === "verify") link.sync = null;
    });
  },
});
