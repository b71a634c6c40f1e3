// SPDX-License-Identifier: Apache-2.0
import { clusterOf } from "@/sim/model/model";
import { touch } from "@/sim/model/scene";
import { planStep, STEP_MS } from "@/sim/model/service-life";
import { defineFault, oneOf } from "./define";

/** An admin cleans up what failed in a cluster: it is forgotten, and tried anew. */
export const cleanUp = defineFault({
  name: "clean-up",
  title: "Clean up a cluster's failed operations",
  args: ["CLUSTER"],
  isMoment: true,
  choices: (reach) => reach.fleet().clusters.map(({ slug }) => [slug]),
  apply(reach, args) {
    const slug = oneOf("the cluster", args);
    reach.change((scene) => {
      const cluster = clusterOf(scene.fleet, slug);
      cluster.pacemaker.failures = [];
      touch(scene, cluster);
      planStep(scene, cluster, STEP_MS);
    });
  },
  repair: () => undefined,
});
