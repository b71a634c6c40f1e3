// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** The first node is `ruby`, as in the simulated fleet. */
const NAMES = ["ruby", "crystal", "jade", "opal", "agate"] as const;

/** Rings of every node: one network each, as two switches would carry them. */
export const RINGS = [0, 1] as const;

/** One real cluster on this machine. Its folder holds everything it writes; its name marks its network namespaces. */
export interface Lab {
  dir: string;
  name: string;
  nodes: readonly LabNode[];
}

export interface LabNode {
  name: string;
  /** Corosync's node id, from 1. */
  id: number;
  /** Private files, and the pid of its PID 1. */
  home: string;
  netns: string;
}

/** @throws when there are no names for so many nodes */
export function labOf(dir: string, count: number, name = "qdlab"): Lab {
  if (count < 1 || count > NAMES.length) throw new Error(`A lab has 1 to ${NAMES.length} nodes, not ${count}.`);
  const nodes = NAMES.slice(0, count).map((node, index) => ({
    name: node,
    id: index + 1,
    home: path.join(dir, node),
    netns: `${name}-${node}`,
  }));
  return { dir, name, nodes };
}

/** The lab that stands in a folder. @throws when none does */
export function labIn(dir: string): Lab {
  const file = path.join(dir, "nodes");
  if (!existsSync(file)) throw new Error(`No lab cluster stands in ${dir}.`);
  const [name = "", count = ""] = readFileSync(file, "utf8").split(" ");
  return labOf(dir, Number(count), name);
}

/** The file by which a node's network namespace is entered. */
export function netnsFile(node: LabNode): string {
  return `/run/netns/${node.netns}`;
}

export function switchOf(lab: Lab): string {
  return `${lab.name}-switch`;
}

/** Ring address of a node. */
export function addressOf(node: LabNode, ring: number): string {
  return `10.7${7 + ring}.0.${node.id}`;
}
