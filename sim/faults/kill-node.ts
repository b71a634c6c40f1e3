// SPDX-License-Identifier: Apache-2.0
import { nodeOf } from "@/sim/model/model";
import { powerOff, powerOn } from "@/sim/model/power";
import { defineFault, everyNode, oneOf } from "./define";

/** A node loses its power: its agent dies without a word, its line stays silent, the others notice after seconds. */
export const killNode = defineFault({
  name: "kill-node",
  title: "Take a node's power away",
  args: ["NODE"],
  choices: (reach) => everyNode(reach).map((node) => [node]),
  apply(reach, args) {
    const name = oneOf("the node", args);
    nodeOf(reach.fleet(), name);
    // The line first: the console must not see the agent's socket close.
    reach.cutLine(name);
    reach.killAgent(name);
    reach.change((scene) => {
      const { cluster, node } = nodeOf(scene.fleet, name);
      powerOff(scene, cluster, node);
    });
  },
  repair(reach, args) {
    const name = oneOf("the node", args);
    // The line is mended and the agent started when the boot is through.
    reach.change((scene) => {
      const { cluster, node } = nodeOf(scene.fleet, name);
      powerOn(scene, cluster, node);
    });
  },
});
