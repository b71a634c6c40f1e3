// SPDX-License-Identifier: Apache-2.0
import { nodeOf } from "@/sim/model/model";
import { bringUp, storageOf } from "@/sim/model/storage-life";
import { defineFault, everyNode, type FaultReach, twoOf } from "./define";

function storageIn(reach: FaultReach, args: readonly string[]): readonly [node: string, name: string] {
  const [node, name] = twoOf(["the node", "its pool or array"], args);
  const all = storageOf(nodeOf(reach.fleet(), node).node);
  if (!all.includes(name)) throw new Error(`${node} has no pool or array ${name}. It has: ${all.join(", ") || "none"}.`);
  return [node, name];
}

/** The devices of a pool or array come too late for the boot: it is there before the next boot, and no tool names it after. */
export const skipAtBoot = defineFault({
  name: "skip-at-boot",
  title: "Leave a pool or array out at the node's next boot",
  args: ["NODE", "NAME"],
  choices: (reach) => everyNode(reach).flatMap((node) => [...storageOf(nodeOf(reach.fleet(), node).node)].map((name) => [node, name])),
  apply(reach, args) {
    const [node, name] = storageIn(reach, args);
    reach.change((scene) => void nodeOf(scene.fleet, node).node.skipped.push(name));
  },
  repair(reach, args) {
    const [node, name] = storageIn(reach, args);
    reach.change((scene) => bringUp(scene, nodeOf(scene.fleet, node).node, name));
  },
});
