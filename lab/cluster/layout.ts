// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** The first node is `ruby`, as in the simulated fleet. */
const NAMES = ["ruby", "crystal", "jade", "opal", "agate"] as const;

/** Rings of every node: one network each, as two switches would carry them. */
export const RINGS = [0, 1] as const;

/** A cable of a node: to one of the rings' switches, or to the one that leads to the console. */
export type Cable = "ring0" | "ring1" | "console";
export const CABLES: readonly Cable[] = ["ring0", "ring1", "console"];

/** Where a cluster on this machine lies. Its folder holds everything it writes; its name marks its network namespaces. */
export interface Layout {
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
export function layoutOf(dir: string, count: number, name = "qdlab"): Layout {
  if (count < 1 || count > NAMES.length) throw new Error(`A lab has 1 to ${NAMES.length} nodes, not ${count}.`);
  const nodes = NAMES.slice(0, count).map((node, index) => ({
    name: node,
    id: index + 1,
    home: path.join(dir, node),
    netns: `${name}-${node}`,
  }));
  return { dir, name, nodes };
}

/** The file that says that a cluster stands in a folder: its name and how many nodes it has. */
export const standsFile = (dir: string) => path.join(dir, "nodes");

/** What stands in a folder. @throws when nothing does */
export function layoutIn(dir: string): Layout {
  const file = standsFile(path.resolve(dir));
  if (!existsSync(file)) throw new Error(`No lab cluster stands in ${dir}.`);
  const [name = "", count = ""] = readFileSync(file, "utf8").split(" ");
  return layoutOf(path.resolve(dir), Number(count), name);
}

/** @throws when there is none of this name */
export function nodeIn(layout: Layout, name: string): LabNode {
  const node = layout.nodes.find((each) => each.name === name);
  if (!node) throw new Error(`The lab has no node ${name}. Nodes: ${layout.nodes.map((each) => each.name).join(", ")}.`);
  return node;
}

/** The file by which a network namespace is entered. */
export function netnsFile(netns: string): string {
  return `/run/netns/${netns}`;
}

export function switchOf(layout: Layout): string {
  return `${layout.name}-switch`;
}

/** Ring address of a node. */
export function addressOf(node: LabNode, ring: number): string {
  return `10.7${7 + ring}.0.${node.id}`;
}

/** The network that leads to the console: a node's address on it, and where the console is reached there. */
export const consoleLine = { addressOf: (node: LabNode) => `10.79.0.${node.id}`, consoleAddress: "10.79.0.254" } as const;
