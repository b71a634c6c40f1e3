// SPDX-License-Identifier: Apache-2.0
import { addLeg, failLeg as fail } from "@/sim/model/md-life";
import { nodeOf } from "@/sim/model/model";
import { defineFault, type FaultReach, twoOf } from "./define";

function legOf(reach: FaultReach, args: readonly string[]): { node: string; device: string } {
  const [name, leg] = twoOf(["the node", "the leg of its array"], args);
  const legs = nodeOf(reach.fleet(), name).node.arrays.flatMap((array) => array.legs.map(({ device }) => device));
  const device = legs.find((one) => one === leg || one === `etherd/${leg}`);
  if (device === undefined) throw new Error(`No array of ${name} has a leg ${leg}. Legs: ${legs.join(", ") || "none"}.`);
  return { node: name, device };
}

/** A leg of an md array fails; repaired it is added again and rebuilt from the bitmap. */
export const failLeg = defineFault({
  name: "fail-leg",
  title: "Fail a leg of an md array",
  args: ["NODE", "LEG"],
  choices: (reach) =>
    reach
      .fleet()
      .clusters.flatMap(({ nodes }) =>
        nodes.flatMap((node) => node.arrays.flatMap(({ legs }) => legs.map(({ device }) => [node.name, device.replace("etherd/", "")]))),
      ),
  apply(reach, args) {
    const { node, device } = legOf(reach, args);
    reach.change((scene) => fail(scene, nodeOf(scene.fleet, node).node, device));
  },
  repair(reach, args) {
    const { node, device } = legOf(reach, args);
    reach.change((scene) => addLeg(scene, nodeOf(scene.fleet, node).node, device));
  },
});
