// SPDX-License-Identifier: Apache-2.0
import type { Bond } from "@/agent/protocol/model/bonding";

/**
 * Fills in which bond is a port of which, to any depth: each bond names its parent, each port says whether it is a bond.
 * `unreadPorts` holds the bonds that are there but could not be read, with their port names where sysfs gave them, so that
 * a leaf does not look like a top because its parent's text was torn.
 */
export function nest(bonds: readonly Bond[], unreadPorts: ReadonlyMap<string, readonly string[]> = new Map()): Bond[] {
  const names = new Set([...bonds.map((bond) => bond.name), ...unreadPorts.keys()]);
  const parents = new Map<string, string>();
  const claim = (parent: string, port: string) => {
    // The kernel refuses a bond as its own port; a text that says so must not make a bond its own parent.
    if (port !== parent && names.has(port) && !parents.has(port)) parents.set(port, parent);
  };
  for (const bond of bonds) for (const port of bond.ports) claim(bond.name, port.name);
  for (const [parent, ports] of unreadPorts) for (const port of ports) claim(parent, port);
  return bonds.map((bond) => ({
    ...bond,
    parent: parents.get(bond.name) ?? null,
    ports: bond.ports.map((port) => ({ ...port, isBond: port.name !== bond.name && names.has(port.name) })),
  }));
}
