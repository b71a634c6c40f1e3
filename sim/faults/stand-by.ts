// SPDX-License-Identifier: Apache-2.0
import { memberOf, nodeOf } from "@/sim/model/model";
import { configureCluster, defineFault, type FaultReach, oneOf } from "./define";

function setStandby(reach: FaultReach, args: readonly string[], isStandby: boolean): void {
  const name = oneOf("the node", args);
  const { cluster } = nodeOf(reach.fleet(), name);
  if (!memberOf(cluster, name)) throw new Error(`${name} is no member of ${cluster.slug}.`);
  configureCluster(reach, cluster.slug, ({ members }) => {
    for (const member of members) if (member.node === name) member.isStandby = isStandby;
  });
}

/** An admin puts a node in standby at a shell: what runs on it has to go elsewhere. */
export const standBy = defineFault({
  name: "stand-by",
  title: "Put a node in standby, past the console",
  args: ["NODE"],
  choices: (reach) => reach.fleet().clusters.flatMap(({ pacemaker }) => pacemaker.members.map(({ node }) => [node])),
  apply: (reach, args) => setStandby(reach, args, true),
  repair: (reach, args) => setStandby(reach, args, false),
});
