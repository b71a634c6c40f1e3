// SPDX-License-Identifier: Apache-2.0
import { nodeOf } from "@/sim/model/model";
import { defineFault, everyNode, twoOf } from "./define";

/** Somebody sets a node's clock: everything that it dates is off by as much from then on. */
export const stepClock = defineFault({
  name: "step-clock",
  title: "Set a node's clock",
  args: ["NODE", "SECONDS"],
  choices: (reach) =>
    everyNode(reach).flatMap((node) => [
      [node, "3600"],
      [node, "-3600"],
    ]),
  apply(reach, args) {
    const [name, text] = twoOf(["the node", "by how many seconds"], args);
    nodeOf(reach.fleet(), name);
    const seconds = Number(text);
    if (!Number.isInteger(seconds)) throw new Error("Say whole seconds: 3600 is an hour ahead, -3600 an hour back.");
    reach.setClock(name, seconds * 1_000);
  },
  repair(reach, args) {
    const [name] = twoOf(["the node", "by how many seconds"], args);
    reach.setClock(name, 0);
  },
});
