// SPDX-License-Identifier: Apache-2.0
import { nodeOf } from "@/sim/model/model";
import { configureCluster, defineFault, type FaultReach, membersWithFencing, oneOf } from "./define";

function slugOf(reach: FaultReach, name: string): string {
  const { cluster } = nodeOf(reach.fleet(), name);
  if (!cluster.pacemaker.fenceDevices.some(({ target }) => target === name)) throw new Error(`No fencing device is for ${name}.`);
  return cluster.slug;
}

/** A fencing topology is written down, and a name in it is wrong: Pacemaker takes it, and asks no other device any more. */
export const breakLevel = defineFault({
  name: "break-level",
  title: "Write a device that is not there into a node's fencing topology",
  args: ["NODE"],
  choices: membersWithFencing,
  apply(reach, args) {
    const target = oneOf("the node", args);
    configureCluster(reach, slugOf(reach, target), ({ fenceLevels }) => {
      fenceLevels.push({ target, index: 1, devices: [`p_pdu_${target}`] });
    });
  },
  repair(reach, args) {
    const target = oneOf("the node", args);
    configureCluster(reach, slugOf(reach, target), (pacemaker) => {
      pacemaker.fenceLevels = pacemaker.fenceLevels.filter((level) => level.target !== target);
    });
  },
});
