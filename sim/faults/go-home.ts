// SPDX-License-Identifier: Apache-2.0
import { clusterOf } from "@/sim/model/model";
import { touch } from "@/sim/model/scene";
import { planStep, STEP_MS } from "@/sim/model/service-life";
import { defineFault, oneOf } from "./define";

/** An admin brings the services of a cluster back to the nodes they like best, after a failover left them elsewhere. */
export const goHome = defineFault({
  name: "go-home",
  title: "Bring a cluster's services home",
  args: ["CLUSTER"],
  isMoment: true,
  choices: (reach) => reach.fleet().clusters.map(({ slug }) => [slug]),
  apply(reach, args) {
    const slug = oneOf("the cluster", args);
    reach.change((scene) => {
      const cluster = clusterOf(scene.fleet, slug);
      cluster.pacemaker.isHoming = true;
      touch(scene, cluster);
      planStep(scene, cluster, STEP_MS);
    });
  },
  repair(reach, args) {
    const slug = oneOf("the cluster", args);
    reach.change((scene) => void Object.assign(clusterOf(scene.fleet, slug).pacemaker, { isHoming: false }));
  },
});
