// SPDX-License-Identifier: Apache-2.0
import { nodeOf, type SimBond, type SimNode } from "@/sim/model/model";
import { followCables } from "@/sim/model/network-life";
import { defineFault, type FaultReach, twoOf } from "./define";

/** The bond of which this is a physical port, and its place in it. */
function placeOf(node: SimNode, portName: string): { bond: SimBond; index: number } | null {
  for (const bond of node.bonds) {
    const index = bond.members.findIndex((member) => member.name === portName);
    if (index >= 0 && node.ports.some((port) => port.name === portName)) return { bond, index };
  }
  return null;
}

/** The bond that each lost port belonged to, by node and port: what a repair needs to know. */
const homes = new Map<string, string>();

/** As after a boot at which the port had no carrier: it is not in its bond, and the kernel counts nothing as missing. */
export const losePort = defineFault({
  name: "lose-port",
  title: "Leave a port out of its bond, as a boot without carrier does",
  args: ["NODE", "PORT"],
  choices: (reach: FaultReach) =>
    reach
      .fleet()
      .clusters.flatMap((cluster) =>
        cluster.nodes.flatMap((node) =>
          node.ports.flatMap((port) =>
            placeOf(node, port.name) || homes.has(`${node.name} ${port.name}`) ? [[node.name, port.name]] : [],
          ),
        ),
      ),
  apply(reach, args) {
    const [name, portName] = twoOf(["the node", "its port"], args);
    const found = placeOf(nodeOf(reach.fleet(), name).node, portName);
    if (!found) throw new Error(`${portName} is in no bond of ${name}.`);
    if (found.bond.members.length === 1) throw new Error(`${portName} is the only port of ${found.bond.name}: pull its cable instead.`);
    homes.set(`${name} ${portName}`, found.bond.name);
    reach.change((scene) => {
      const { cluster, node } = nodeOf(scene.fleet, name);
      const bond = node.bonds.find((one) => one.name === found.bond.name);
      if (!bond) return;
      bond.members = bond.members.filter((member) => member.name !== portName);
      if (bond.active === portName) bond.active = bond.members.find((member) => member.isUp)?.name ?? null;
      scene.traces.push({ kind: "link", node: name, name: portName });
      followCables(scene, cluster, node);
    });
  },
  repair(reach, args) {
    const [name, portName] = twoOf(["the node", "its port"], args);
    const home = homes.get(`${name} ${portName}`);
    if (home === undefined) throw new Error(`${portName} of ${name} was not left out.`);
    homes.delete(`${name} ${portName}`);
    reach.change((scene) => {
      const { cluster, node } = nodeOf(scene.fleet, name);
      const bond = node.bonds.find((one) => one.name === home);
      const port = node.ports.find((one) => one.name === portName);
      if (!bond || !port) return;
      bond.members.push({ name: portName, isUp: port.isCableIn, failures: 0, speedMbps: port.speedMbps });
      bond.members.sort((one, other) => (one.name < other.name ? -1 : 1));
      scene.traces.push({ kind: "link", node: name, name: portName });
      followCables(scene, cluster, node);
    });
  },
});
