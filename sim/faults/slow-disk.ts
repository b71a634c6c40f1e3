// SPDX-License-Identifier: Apache-2.0
import { nodeOf } from "@/sim/model/model";
import { print } from "@/sim/model/scene";
import { defineFault, everyNode, oneOf } from "./define";

/** Percent of the time in which some task waits for a disk that retries every request. */
const SLOW_PERCENT = 72;
/** What a quiet node waits. */
const CALM_PERCENT = 0.6;

/** A disk answers, but late: tasks wait, and the kernel says so of those that wait for two minutes. */
export const slowDisk = defineFault({
  name: "slow-disk",
  title: "Make a node's disks slow",
  args: ["NODE"],
  choices: (reach) => everyNode(reach).flatMap((name) => (nodeOf(reach.fleet(), name).node.kernel.startsWith("3.") ? [] : [[name]])),
  apply(reach, args) {
    const name = oneOf("the node", args);
    if (nodeOf(reach.fleet(), name).node.kernel.startsWith("3.")) throw new Error(`${name}'s kernel does not measure waiting for I/O.`);
    reach.change((scene) => {
      const { node } = nodeOf(scene.fleet, name);
      node.ioPressurePercent = SLOW_PERCENT;
      print(scene, node, "INFO: task jbd2/dm-0-8:612 blocked for more than 120 seconds.", 3);
    });
  },
  repair(reach, args) {
    const name = oneOf("the node", args);
    reach.change((scene) => {
      nodeOf(scene.fleet, name).node.ioPressurePercent = CALM_PERCENT;
    });
  },
});
