// SPDX-License-Identifier: Apache-2.0
import { defineFault, everyNode, twoOf } from "./define";

/** The agent's user may no longer start a tool. */
export const forbidTool = defineFault({
  name: "forbid-tool",
  title: "Forbid a tool to the agent",
  args: ["NODE", "TOOL"],
  choices: (reach) => everyNode(reach).flatMap((node) => reach.tools(node).map((tool) => [node, tool])),
  apply(reach, args) {
    const [node, tool] = twoOf(["the node", "the tool"], args);
    reach.setTool(node, tool, "forbidden");
  },
  repair(reach, args) {
    const [node, tool] = twoOf(["the node", "the tool"], args);
    reach.setTool(node, tool, "works");
  },
});
