// SPDX-License-Identifier: Apache-2.0
import type { PacemakerCollection } from "@/agent/protocol/model/pacemaker";
import type { XmlElement } from "@/agent/xml";
import { child, childrenOf, requiredWord, whole, word, writtenTruth } from "./fields";

/** A primitive as configured, with what its enclosing collections decide for it. */
export interface Configured {
  id: string;
  parents: readonly string[];
  agent: string;
  /** The word of the innermost level that says it; null when none does. */
  targetRole: string | null;
  managed: boolean;
  /** Inside a clone, so that one configured primitive runs on many nodes. */
  cloned: boolean;
  /** Its instances are different things ("ip:0", "ip:1"), not copies of one. */
  unique: boolean;
  promotable: boolean;
}

export interface ConfiguredResources {
  primitives: Configured[];
  collections: PacemakerCollection[];
}

interface Inherited {
  parents: readonly string[];
  targetRole: string | null;
  managed: boolean;
  cloned: boolean;
  unique: boolean;
  promotable: boolean;
}

/**
 * The `<resources>` section, flat. Templates are followed for class, provider and type; rules in meta attributes are
 * not evaluated: an attribute under a rule is not read.
 * Source: resources-1.0.rng to resources-3.9.rng.
 */
export function readConfigured(section: XmlElement, defaults: { managed: boolean; targetRole: string | null }): ConfiguredResources {
  const found: ConfiguredResources = { primitives: [], collections: [] };
  const templates = new Map(childrenOf(section, "template").map((template) => [requiredWord(template, "id"), template]));
  const top: Inherited = {
    parents: [],
    targetRole: defaults.targetRole,
    managed: defaults.managed,
    cloned: false,
    unique: false,
    promotable: false,
  };
  walk(section, top, templates, found);
  return found;
}

function walk(listing: XmlElement, inherited: Inherited, templates: ReadonlyMap<string, XmlElement>, found: ConfiguredResources): void {
  for (const element of listing.children) {
    switch (element.name) {
      case "primitive":
        found.primitives.push(readPrimitive(element, inherited, templates));
        break;
      case "group":
      case "clone":
      case "master":
      case "bundle":
        readCollection(element, element.name, inherited, templates, found);
        break;
      default: // template, meta attributes, the parts of a bundle
        break;
    }
  }
}

function readCollection(
  element: XmlElement,
  tag: "group" | "clone" | "master" | "bundle",
  inherited: Inherited,
  templates: ReadonlyMap<string, XmlElement>,
  found: ConfiguredResources,
): void {
  const id = requiredWord(element, "id");
  const promotable =
    tag === "master" || (tag === "clone" && writtenTruth(metaOf(element, "promotable")) === true) || isPromotableBundle(element, tag);
  const managed = writtenTruth(metaOf(element, "is-managed")) ?? inherited.managed;
  found.collections.push({
    id,
    kind: tag === "master" || (tag === "clone" && promotable) ? "promotable" : tag,
    parents: [...inherited.parents],
    managed,
  });
  walk(
    element,
    {
      parents: [...inherited.parents, id],
      targetRole: metaOf(element, "target-role") ?? inherited.targetRole,
      managed,
      cloned: inherited.cloned || tag !== "group",
      unique: inherited.unique || writtenTruth(metaOf(element, "globally-unique")) === true,
      promotable: inherited.promotable || promotable,
    },
    templates,
    found,
  );
}

/** `promoted-max`, once `masters`, on the container of a bundle makes what runs in it promotable. */
function isPromotableBundle(element: XmlElement, tag: string): boolean {
  return tag === "bundle" && element.children.some((part) => (whole(part, "promoted-max") ?? whole(part, "masters") ?? 0) > 0);
}

function readPrimitive(element: XmlElement, inherited: Inherited, templates: ReadonlyMap<string, XmlElement>): Configured {
  const template = templates.get(word(element, "template") ?? "");
  const source = word(element, "class") === null && template !== undefined ? template : element;
  const meta = (name: string) => metaOf(element, name) ?? (template === undefined ? null : metaOf(template, name));
  return {
    id: requiredWord(element, "id"),
    parents: inherited.parents,
    agent: agentOf(source),
    targetRole: meta("target-role") ?? inherited.targetRole,
    managed: writtenTruth(meta("is-managed")) ?? inherited.managed,
    cloned: inherited.cloned,
    unique: inherited.unique,
    promotable: inherited.promotable,
  };
}

/** `class:provider:type` as crm_mon prints it. */
export function agentOf(element: XmlElement): string {
  return [word(element, "class"), word(element, "provider"), word(element, "type")].filter((part) => part !== null).join(":");
}

/** A meta attribute as written, of sets without a rule; CIBs of 1.0 nest it in `<attributes>`. */
function metaOf(element: XmlElement, name: string): string | null {
  return valueIn(childrenOf(element, "meta_attributes"), name);
}

/** The value of a name in attribute sets: the set with the highest score says it; sets under a rule say nothing. */
export function valueIn(sets: readonly XmlElement[], name: string): string | null {
  for (const set of inOrder(sets)) {
    for (const pair of pairsOf(set)) if (word(pair, "name") === name) return word(pair, "value");
  }
  return null;
}

/** All pairs of attribute sets, an earlier set winning over a later one. */
export function pairsIn(sets: readonly XmlElement[]): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const set of inOrder(sets))
    for (const pair of pairsOf(set)) {
      const name = word(pair, "name");
      if (name !== null && !pairs.has(name)) pairs.set(name, pair.attributes.value ?? "");
    }
  return pairs;
}

function inOrder(sets: readonly XmlElement[]): XmlElement[] {
  return sets.filter((set) => child(set, "rule") === null).sort((left, right) => scoreOf(right) - scoreOf(left));
}

function scoreOf(set: XmlElement): number {
  // Pacemaker reads its own bootstrap set before all others.
  if (word(set, "id") === "cib-bootstrap-options") return Number.POSITIVE_INFINITY;
  const score = word(set, "score");
  if (score === "INFINITY" || score === "+INFINITY") return 1_000_000;
  if (score === "-INFINITY") return -1_000_000;
  return score !== null && /^[+-]?[0-9]{1,7}$/.test(score) ? Number.parseInt(score, 10) : 0;
}

function pairsOf(set: XmlElement): XmlElement[] {
  return [...childrenOf(set, "nvpair"), ...childrenOf(child(set, "attributes"), "nvpair")];
}
