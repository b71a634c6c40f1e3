// SPDX-License-Identifier: Apache-2.0
import { element, renderXml, type XmlElement } from "@/sim/text/xml";
import { type CibNode, childOf, cibNode } from "./tree";

/** Which configuration a text is. */
export interface CibVersion {
  adminEpoch: number;
  epoch: number;
  numUpdates: number | null;
}

export function versionOf({ attributes }: CibNode): CibVersion {
  const { admin_epoch, epoch, num_updates } = attributes;
  return { adminEpoch: Number(admin_epoch), epoch: Number(epoch), numUpdates: num_updates === undefined ? null : Number(num_updates) };
}

/** What crm_diff prints, format 2: what goes first, then what is changed or new, each by its path. Null: they are the same. */
export function diffOf(before: CibNode, after: CibNode): string | null {
  const gone: XmlElement[] = [];
  const come: XmlElement[] = [];
  compare(before, after, "/cib", gone, come);
  if (gone.length + come.length === 0) return null;
  const version = ({ attributes: { admin_epoch = "0", epoch = "0", num_updates = "0" } }: CibNode) => ({ admin_epoch, epoch, num_updates });
  const versions = element("version", {}, [element("source", version(before)), element("target", version(after))]);
  return renderXml(element("diff", { format: 2 }, [versions, ...gone, ...come])).replaceAll("'", "&apos;");
}

function step(node: CibNode): string {
  return node.attributes.id === undefined ? node.name : `${node.name}[@id='${node.attributes.id}']`;
}

function compare(before: CibNode, after: CibNode, path: string, gone: XmlElement[], come: XmlElement[]): void {
  const changes = [...new Set([...Object.keys(before.attributes), ...Object.keys(after.attributes)])].flatMap((name) => {
    const value = after.attributes[name];
    if (value === before.attributes[name]) return [];
    return [element("change-attr", value === undefined ? { name, operation: "unset" } : { name, operation: "set", value })];
  });
  if (changes.length > 0) {
    const result = element("change-result", {}, [element(after.name, after.attributes)]);
    come.push(element("change", { operation: "modify", path }, [element("change-list", {}, changes), result]));
  }
  for (const child of before.content) {
    if (!childOf(after, child.name, child.attributes.id))
      gone.push(element("change", { operation: "delete", path: `${path}/${step(child)}` }));
  }
  after.content.forEach((child, position) => {
    const old = childOf(before, child.name, child.attributes.id);
    if (old) compare(old, child, `${path}/${step(child)}`, gone, come);
    else come.push(element("change", { operation: "create", path, position }, [child]));
  });
}

/** The version a patch was made from; null where it names none. */
export function sourceOf(patch: CibNode): CibVersion | null {
  const source = childOf(childOf(patch, "version"), "source");
  return source && versionOf(source);
}

/** Changes the CIB as the patch says. @throws when the patch speaks of what is not there */
export function applyPatch(root: CibNode, patch: CibNode): void {
  if (patch.name !== "diff" || patch.attributes.format !== "2") throw new Error("This is not a patch of format 2.");
  for (const change of patch.content.filter((child) => child.name === "change")) {
    const { operation, path = "", position } = change.attributes;
    const [target, parent] = at(root, path);
    if (operation === "delete" && parent) parent.content = parent.content.filter((child) => child !== target);
    else if (operation === "create" && change.content[0]) target.content.splice(Number(position), 0, change.content[0]);
    else if (operation === "modify") target.attributes = { ...childOf(change, "change-result")?.content[0]?.attributes };
    else throw new Error(`The change ${operation} of ${path} is not known.`);
  }
}

/** The element at a path, and what it is in. */
function at(root: CibNode, path: string): [CibNode, CibNode | null] {
  let here = cibNode("", {}, [root]);
  let above: CibNode | null = null;
  for (const [, name = "", id] of path.matchAll(/\/([\w-]+)(?:\[@id='([^']*)'\])?/g)) {
    const next = childOf(here, name, id);
    if (!next) throw new Error(`${path} is not there.`);
    [above, here] = [here, next];
  }
  return [here, above];
}
