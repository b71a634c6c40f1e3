// SPDX-License-Identifier: Apache-2.0
import { renderXml } from "@/sim/text/xml";

/** An element of a CIB that is being edited. Neither a CIB nor a patch of one has texts between its tags. */
export interface CibNode {
  name: string;
  attributes: Record<string, string>;
  content: CibNode[];
}

export function cibNode(name: string, attributes: Record<string, string>, content: CibNode[] = []): CibNode {
  return { name, attributes, content };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const plain = (text: string): string => text.replace(/&(\w+);/g, (all, name: string) => ENTITIES[name] ?? all);

/** Reads what our own tools wrote, and what an agent made of it. @throws when it is not such a text */
export function readCib(text: string): CibNode {
  const top = cibNode("", {});
  const open = [top];
  let read = 0;
  for (const tag of text.matchAll(/<(\/?)([\w-]+)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>/g)) {
    const [all, closing, name = "", attributes = "", selfClosing] = tag;
    if (text.slice(read, tag.index).trim() !== "") break;
    read = tag.index + all.length;
    const parent = open.at(-1);
    if (!parent) break;
    if (closing) {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes nothing.`);
      continue;
    }
    const made = cibNode(name, {});
    for (const [, key = "", value = ""] of attributes.matchAll(/([\w:.-]+)="([^"]*)"/g)) made.attributes[key] = plain(value);
    parent.content.push(made);
    if (!selfClosing) open.push(made);
  }
  const [root] = top.content;
  if (!root || open.length !== 1 || text.slice(read).trim() !== "") throw new Error("This is not the XML of a CIB.");
  return root;
}

export function writeCib(root: CibNode): string {
  return renderXml(root);
}

/** The child of this name, and of this id where one is given. */
export function childOf(node: CibNode | null, name: string, id?: string): CibNode | null {
  return node?.content.find((child) => child.name === name && (id === undefined || child.attributes.id === id)) ?? null;
}

/** The child of this name and id, made when it is not there. */
export function ensureChild(node: CibNode, name: string, id: string): CibNode {
  const found = childOf(node, name, id);
  if (found) return found;
  const made = cibNode(name, { id });
  node.content.push(made);
  return made;
}

/** A section of the configuration: "nodes", "resources" … @throws when the CIB lacks it */
export function sectionOf(root: CibNode, name: string): CibNode {
  const found = childOf(childOf(root, "configuration"), name);
  if (!found) throw new Error(`The CIB has no ${name}.`);
  return found;
}

/** The element with this id among the names, at any depth. */
export function findById(node: CibNode, names: readonly string[], id: string): CibNode | null {
  for (const child of node.content) {
    if (names.includes(child.name) && child.attributes.id === id) return child;
    const found = findById(child, names, id);
    if (found) return found;
  }
  return null;
}

/** The value of a name in a set of nvpairs; null where it is not set. */
export function valueIn(set: CibNode | null, name: string): string | null {
  return set?.content.find((pair) => pair.name === "nvpair" && pair.attributes.name === name)?.attributes.value ?? null;
}

/** Sets a name in a set of nvpairs as Pacemaker's tools do; null takes it out. */
export function setValue(set: CibNode, name: string, value: string | null): void {
  const found = set.content.find((pair) => pair.name === "nvpair" && pair.attributes.name === name);
  if (value === null) set.content = set.content.filter((pair) => pair !== found);
  else if (found) found.attributes.value = value;
  else set.content.push(cibNode("nvpair", { id: `${set.attributes.id}-${name}`, name, value }));
}
