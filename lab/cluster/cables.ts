// SPDX-License-Identifier: Apache-2.0
import { CABLES, type Cable, type LabNode, type Layout } from "./layout";
import { setCable } from "./network";

/** The cables of all nodes: each carries while it is in, and while its node has power. */
export function tendCables(layout: Layout) {
  const out = new Set<string>();
  const off = new Set<string>();
  const show = (node: LabNode, cable: Cable) =>
    setCable(layout, node, cable, off.has(node.name) || out.has(`${node.name} ${cable}`) ? "out" : "in");

  return {
    set(node: LabNode, cable: Cable, state: "in" | "out"): void {
      if (state === "out") out.add(`${node.name} ${cable}`);
      else out.delete(`${node.name} ${cable}`);
      show(node, cable);
    },
    /** Before a node's processes die: its sockets must not say goodbye, which without power nobody does. */
    powerOff(node: LabNode): void {
      off.add(node.name);
      for (const cable of CABLES) show(node, cable);
    },
    powerOn(node: LabNode): void {
      off.delete(node.name);
      for (const cable of CABLES) show(node, cable);
    },
  };
}
export type Cables = ReturnType<typeof tendCables>;
