// SPDX-License-Identifier: Apache-2.0
import type { PacemakerCollection, PacemakerNode, PacemakerResource } from "@/agent/protocol/model/pacemaker";
import type { XmlElement } from "@/agent/xml";
import { child, childrenOf, flag, flagOrGap, requiredFlag, requiredWord, said, whole, word } from "./fields";

interface Found {
  resources: PacemakerResource[];
  collections: PacemakerCollection[];
}

/** What a resource needs to know of the document around it. */
interface Around {
  parents: readonly string[];
  /** The node under which it is listed, with crm_mon's by-node view; else null. */
  listedUnder: string | null;
  isOnline: (node: string, cached: boolean | null) => boolean;
  gaps: Set<string>;
}

/**
 * All resource instances, flat, each once. `<resources>` goes first; crm_mon's by-node view (which nests them in
 * `<nodes>` and keeps only the inactive ones in `<resources>`) then adds what is not there yet.
 */
export function readResources(root: XmlElement, nodes: readonly PacemakerNode[], gaps: Set<string>): Found {
  const found: Found = { resources: [], collections: [] };
  const isOnline = onlineTest(root, nodes);
  const listing = child(root, "resources");
  if (listing !== null) walk(listing, { parents: [], listedUnder: null, isOnline, gaps }, found);
  const known = new Set(found.resources.map(identity));
  for (const node of childrenOf(child(root, "nodes"), "node")) {
    const here: Found = { resources: [], collections: [] };
    walk(node, { parents: [], listedUnder: requiredWord(node, "name"), isOnline, gaps }, here);
    for (const collection of here.collections)
      if (!found.collections.some((other) => other.id === collection.id)) found.collections.push(collection);
    for (const resource of here.resources) {
      if (known.has(identity(resource))) continue;
      known.add(identity(resource));
      found.resources.push(resource);
    }
  }
  return found;
}

function identity(resource: PacemakerResource): string {
  return JSON.stringify([resource.id, [...resource.nodes].sort()]);
}

/**
 * Whether a node on which a resource stands is there. The node's own `online` decides; `cached` only where the node is
 * not listed or the newer tools contradict it: up to 2.0.2 it said "remembered only", since 2.0.3 it prints the online
 * flag itself, with the opposite sense.
 */
function onlineTest(root: XmlElement, nodes: readonly PacemakerNode[]): Around["isOnline"] {
  const byName = new Map(nodes.map((node) => [node.name, node.online]));
  const cachedMeansOnline = root.name === "pacemaker-result" || isSince203(word(root, "version"));
  return (node, cached) => {
    const byCached = cached === null ? true : cached === cachedMeansOnline;
    const listed = byName.get(node);
    return cachedMeansOnline ? (listed ?? true) && byCached : (listed ?? byCached);
  };
}

function isSince203(version: string | null): boolean {
  const [major = 0, minor = 0, patch = 0] = (version ?? "").split(".").map((part) => Number.parseInt(part, 10) || 0);
  return major > 2 || (major === 2 && (minor > 0 || patch >= 3));
}

function walk(listing: XmlElement, around: Around, found: Found): void {
  for (const element of listing.children) {
    switch (element.name) {
      case "resource":
        found.resources.push(readResource(element, around));
        break;
      case "group":
      case "clone":
      case "bundle":
        readCollection(element, element.name, around, found);
        break;
      case "replica":
        walk(element, around, found); // a bundle's replica has only a number; its resources belong to the bundle
        break;
      default: // a <node> or <xml> inside, or an element of a newer schema
        break;
    }
  }
}

function readCollection(element: XmlElement, kind: "group" | "clone" | "bundle", around: Around, found: Found): void {
  const id = requiredWord(element, "id");
  const before = found.resources.length;
  const collection: PacemakerCollection = {
    id,
    kind: kind === "clone" && flag(element, "multi_state") === true ? "promotable" : kind,
    parents: [...around.parents],
    managed: true,
  };
  // A group in a clone is listed once per instance ("grp:0", "grp:1"); the same id twice is one collection.
  if (!found.collections.some((other) => other.id === id)) found.collections.push(collection);
  walk(element, { ...around, parents: [...around.parents, id] }, found);
  // Groups carry no `managed` before 2.1: then a group is managed when all its members are.
  collection.managed = flag(element, "managed") ?? found.resources.slice(before).every((resource) => resource.managed);
}

function readResource(element: XmlElement, around: Around): PacemakerResource {
  const places = childrenOf(element, "node");
  const names = places.map((place) => requiredWord(place, "name"));
  // The by-node view of older versions does not repeat the node inside the resource.
  const nodes =
    names.length === 0 && around.listedUnder !== null && whole(element, "nodes_running_on") !== 0 ? [around.listedUnder] : names;
  return {
    id: requiredWord(element, "id"),
    parents: [...around.parents],
    agent: requiredWord(element, "resource_agent"),
    role: requiredWord(element, "role"),
    targetRole: word(element, "target_role"),
    active: requiredFlag(element, "active"),
    managed: requiredFlag(element, "managed"),
    failed: requiredFlag(element, "failed"),
    blocked: flagOrGap(element, "blocked", around.gaps),
    // Newer versions call it "removed", and print both names for now.
    orphaned: flag(element, "orphaned") ?? requiredFlag(element, "removed"),
    ...said("failureIgnored", flag(element, "failure_ignored")),
    pending: word(element, "pending"),
    nodes,
    onOfflineNode:
      places.length > 0
        ? places.some((place) => !around.isOnline(requiredWord(place, "name"), flag(place, "cached")))
        : nodes.some((node) => !around.isOnline(node, null)),
  };
}
