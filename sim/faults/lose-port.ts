// SPDX-License-Identifier: Apache-2.0
import { nodeOf, type SimBond, type SimNode } from "@/sim/model/model";
import { followCables } from "@/sim/model/network-life";
import { defineFault, type FaultReach, twoOf } from "./define";

/** The bonds whose ports are cables. */
function leafBonds(node: SimNode): SimBond[] {
  return node.bonds.filter((bond) => bond.members.every((member) => node.ports.some((port) => port.name === member.name)));
}

function bondWith(node: SimNode, has: (bond: SimBond) => boolean, otherwise: string): SimBond {
  const found = leafBonds(node).find(has);
  if (!found) throw new Error(otherwise);
  return found;
}

/** As after a boot at which the port had no carrier: it is not in its bond, and the kernel counts nothing as missing. */
export const losePort = defineFault({
  name: "lose-port",
  title: "Leave a port out of its bond, as a boot without carrier does",
  args: ["NODE", "PORT"],
  choices: (reach: FaultReach) =>
    reach
      .fleet()
      .clusters.flatMap(({ nodes }) =>
        nodes.flatMap((node) =>
          leafBonds(node).flatMap((bond) =>
            bond.members.length > 1 || bond.absent.length > 0
              ? [...bond.members.map(({ name }) => [node.name, name]), ...bond.absent.map((name) => [node.name, name])]
              : [],
          ),
        ),
      ),
  apply(reach, args) {
    const [name, portName] = twoOf(["the node", "its port"], args);
    const hasPort = (bond: SimBond) => bond.members.some((member) => member.name === portName);
    const found = bondWith(nodeOf(reach.fleet(), name).node, hasPort, `${portName} is in no bond of ${name}.`);
    if (found.members.length === 1) throw new Error(`${portName} is the only port of ${found.name}: pull its cable instead.`);
    reach.change((scene) => {
      const { cluster, node } = nodeOf(scene.fleet, name);
      const bond = bondWith(node, hasPort, "");
      bond.members = bond.members.filter((member) => member.name !== portName);
      bond.absent.push(portName);
      if (bond.active === portName) bond.active = bond.members.find((member) => member.isUp)?.name ?? null;
      scene.traces.push({ kind: "link", node: name, name: portName });
      followCables(scene, cluster, node);
    });
  },
  repair(reach, args) {
    const [name, portName] = twoOf(["the node", "its port"], args);
    const misses = (bond: SimBond) => bond.absent.includes(portName);
    bondWith(nodeOf(reach.fleet(), name).node, misses, `${portName} of ${name} was not left out of a bond.`);
    reach.change((scene) => {
      const { cluster, node } = nodeOf(scene.fleet, name);
      const bond = bondWith(node, misses, "");
      const port = node.ports.find((one) => one.name === portName);
      bond.absent = bond.absent.filter((one) => one !== portName);
      bond.members.push({ name: portName, isUp: port?.isCableIn ?? false, failures: 0, speedMbps: port?.speedMbps ?? null });
      bond.members.sort((one, other) => (one.name < other.name ? -1 : 1));
      scene.traces.push({ kind: "link", node: name, name: portName });
      followCables(scene, cluster, node);
    });
  },
});
