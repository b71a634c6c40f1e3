// SPDX-License-Identifier: Apache-2.0
import { nodeOf, type SimNode } from "@/sim/model/model";
import { defineFault, everyNode, type FaultReach, twoOf } from "./define";

const SMALL = 1_500;
const LARGE = 9_000;

/** The interface and all that is below it: a bond's MTU goes to its ports. Source: bond_change_mtu, drivers/net/bonding/bond_main.c. */
function downFrom(node: SimNode, name: string): string[] {
  const bond = node.bonds.find((one) => one.name === name);
  return [name, ...(bond?.members.flatMap((member) => downFrom(node, member.name)) ?? [])];
}

function interfacesOf(reach: FaultReach, node: string): string[] {
  const { ports, bonds } = nodeOf(reach.fleet(), node).node;
  return [...ports, ...bonds].map(({ name }) => name);
}

function setMtu(reach: FaultReach, args: readonly string[], mtu: number): void {
  const [name, upper] = twoOf(["the node", "its interface"], args);
  const all = interfacesOf(reach, name);
  if (!all.includes(upper)) throw new Error(`${name} has no interface ${upper}. Interfaces: ${all.join(", ")}.`);
  reach.change((scene) => {
    const { node } = nodeOf(scene.fleet, name);
    const names = downFrom(node, upper);
    for (const one of [...node.ports, ...node.bonds]) if (names.includes(one.name)) one.mtu = mtu;
    for (const one of names) scene.traces.push({ kind: "link", node: name, name: one });
  });
}

/** Somebody sets an MTU on one end alone: of a bond, so that a line has two; of a port, so that it is smaller than its bond. */
export const shrinkMtu = defineFault({
  name: "shrink-mtu",
  title: "Set an interface's MTU to 1500",
  args: ["NODE", "INTERFACE"],
  choices: (reach) => everyNode(reach).flatMap((node) => interfacesOf(reach, node).map((name) => [node, name])),
  apply: (reach, args) => setMtu(reach, args, SMALL),
  repair: (reach, args) => setMtu(reach, args, LARGE),
});
