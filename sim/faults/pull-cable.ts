// SPDX-License-Identifier: Apache-2.0
import { nodeOf } from "@/sim/model/model";
import { followCables } from "@/sim/model/network-life";
import { defineFault, type FaultReach, twoOf } from "./define";

function setCable(reach: FaultReach, args: readonly string[], isIn: boolean): void {
  const [name, portName] = twoOf(["the node", "its port"], args);
  const { node } = nodeOf(reach.fleet(), name);
  if (!node.ports.some((port) => port.name === portName)) {
    throw new Error(`${name} has no port ${portName}. Ports: ${node.ports.map((port) => port.name).join(", ")}.`);
  }
  reach.change((scene) => {
    const { cluster, node: changed } = nodeOf(scene.fleet, name);
    for (const port of changed.ports) if (port.name === portName) port.isCableIn = isIn;
    followCables(scene, cluster, changed);
  });
}

/** A cable is pulled from a port: the bond loses it, and what no other port carries stops. */
export const pullCable = defineFault({
  name: "pull-cable",
  title: "Pull a network cable",
  args: ["NODE", "PORT"],
  choices: (reach) =>
    reach.fleet().clusters.flatMap((cluster) => cluster.nodes.flatMap((node) => node.ports.map((port) => [node.name, port.name]))),
  apply: (reach, args) => setCable(reach, args, false),
  repair: (reach, args) => setCable(reach, args, true),
});
