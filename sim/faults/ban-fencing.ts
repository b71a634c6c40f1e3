// SPDX-License-Identifier: Apache-2.0
import type { FenceDevice } from "@/sim/model/manager";
import { type Cluster, nodeOf } from "@/sim/model/model";
import { configureCluster, defineFault, type FaultReach, membersWithFencing, oneOf } from "./define";

function deviceOf(reach: FaultReach, args: readonly string[]): { cluster: Cluster; device: FenceDevice; name: string } {
  const name = oneOf("the node", args);
  const { cluster } = nodeOf(reach.fleet(), name);
  const device = cluster.pacemaker.fenceDevices.find(({ target }) => target === name);
  if (!device) throw new Error(`No fencing device is for ${name}.`);
  return { cluster, device, name };
}

/** An admin's constraints keep a fencing device off every node: it is there, and nobody may use it. */
export const banFencing = defineFault({
  name: "ban-fencing",
  title: "Forbid a node's fencing device to all others",
  args: ["NODE"],
  choices: membersWithFencing,
  apply(reach, args) {
    const { cluster, device, name } = deviceOf(reach, args);
    configureCluster(reach, cluster.slug, ({ members, constraints }) => {
      for (const { node } of members.filter((member) => member.node !== name))
        constraints.push({
          ...{ id: `loc_${device.id}_${node}`, resource: device.id, node, score: "-INFINITY", role: null, untilMs: null },
        });
    });
  },
  repair(reach, args) {
    const { cluster, device, name } = deviceOf(reach, args);
    configureCluster(reach, cluster.slug, (pacemaker) => {
      pacemaker.constraints = pacemaker.constraints.filter(({ resource, node }) => resource !== device.id || node === name);
    });
  },
});
