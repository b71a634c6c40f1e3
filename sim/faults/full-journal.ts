// SPDX-License-Identifier: Apache-2.0
import { nodeOf } from "@/sim/model/model";
import { print } from "@/sim/model/scene";
import { defineFault, everyNode, oneOf } from "./define";

/** More than the journal of a simulated node's agent holds (see agent-process.ts), in lines that its flood gate lets pass. */
const LINES = 900;
const LINE_CHARS = 900;

/** The line to the console is cut, and the kernel talks until the agent's journal is full: the oldest gives way, and is counted. */
export const fullJournal = defineFault({
  name: "full-journal",
  title: "Cut an agent off until its journal is full",
  args: ["NODE"],
  choices: (reach) => everyNode(reach).map((node) => [node]),
  apply(reach, args) {
    const name = oneOf("the node", args);
    nodeOf(reach.fleet(), name);
    reach.cutLine(name);
    reach.change((scene) => {
      const { node } = nodeOf(scene.fleet, name);
      for (let line = 0; line < LINES; line += 1) {
        print(scene, node, `drbd flood/0 drbd99: ${String(line).padStart(4, "0")} ${"x".repeat(LINE_CHARS)}`);
      }
    });
  },
  repair(reach, args) {
    reach.mendLine(oneOf("the node", args));
  },
});
