// SPDX-License-Identifier: Apache-2.0
import { nodeOf } from "@/sim/model/model";
import { defineFault, everyNode, oneOf } from "./define";

/** The network between a node's agent and the console is cut: silence, no goodbye. The node itself is well. */
export const cutAgent = defineFault({
  name: "cut-agent",
  title: "Cut an agent off from the console",
  args: ["NODE"],
  choices: (reach) => everyNode(reach).map((node) => [node]),
  apply(reach, args) {
    const name = oneOf("the node", args);
    nodeOf(reach.fleet(), name);
    reach.cutLine(name);
  },
  repair(reach, args) {
    const name = oneOf("the node", args);
    const { node } = nodeOf(reach.fleet(), name);
    if (node.power !== "on") throw new Error(`${name} has no power: its line comes back when it has booted.`);
    reach.mendLine(name);
  },
});
