// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import type { Entry } from "@/components/live/store";
import type { Crossing } from "./graph";

/** What a way through an interface of a node crosses there: the outermost bond that the interface is, or is a port of. */
export type Bonds = (node: string, interfaceName: string) => Crossing;

export function bondsOf(bonds: readonly Entry<"bond">[]): Bonds {
  return (node, interfaceName) => {
    const own = bonds.map(([, bond]) => bond).filter(({ from }) => from.node === node);
    const above = (name: string) => own.find(({ bond }) => bond.ports.some((port) => port.name === name));
    let found: EntityOf<"bond"> | undefined = own.find(({ bond }) => bond.name === interfaceName) ?? above(interfaceName);
    // Bonds that name each other as ports have no outermost: as many steps as there are bonds.
    for (let step = 0; found && step < own.length; step += 1) found = above(found.bond.name) ?? found;
    return { node, name: found?.bond.name ?? interfaceName, said: found?.said ?? null };
  };
}

/** A network that nobody says anything of is crossed all the same. */
export function unknownCrossing(node: string): Crossing {
  return { node, name: null, said: null };
}
