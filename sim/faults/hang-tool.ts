// SPDX-License-Identifier: Apache-2.0
import { defineFault, everyNode, twoOf } from "./define";

/** A tool never answers again, as one that waits for a lock or a dead device. */
export const hangTool = defineFault({
  name: "hang-tool",
  title: "Make a tool hang",
  args: ["NODE", "TOOL"],
  choices: (reach) => everyNode(reach).flatMap((node) => reach.tools(node).map((tool) => [node, tool])),
  apply(reach, args) {
    const [node, tool] = twoOf(["the node", "the tool"], args);
    reach.setTool(node, tool, "hangs");
  },
  repair(reach, args) {
    const [node, tool] = twoOf(["the node", "the tool"], args);
    reach.setTool(node, tool, "works");
  },
});
