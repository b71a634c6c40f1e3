// SPDX-License-Identifier: Apache-2.0
import type { PacemakerConstraint } from "@/agent/protocol/model/pacemaker";
import type { XmlElement } from "@/agent/xml";
import { childrenOf, requiredWord, word } from "./fields";

/**
 * The constraints of a CIB, in document order, each once.
 *
 * Shape: `<constraints>` with rsc_location, rsc_colocation, rsc_order, rsc_ticket; each plain, with resource sets, and
 * locations also with a pattern or rules. What has no field of its own (rules, sets, patterns, actions, a ticket) is
 * said in crm's words in `rule`.
 * Source: constraints-1.0.rng to constraints-3.9.rng.
 */
export function readConstraints(section: XmlElement): PacemakerConstraint[] {
  const constraints: PacemakerConstraint[] = [];
  for (const element of section.children) {
    const constraint = readConstraint(element);
    if (constraint !== null) constraints.push(constraint);
  }
  return constraints;
}

function readConstraint(element: XmlElement): PacemakerConstraint | null {
  const id = requiredWord(element, "id");
  const sets = setsOf(element);
  switch (element.name) {
    case "rsc_location": {
      const rules = childrenOf(element, "rule");
      const pattern = word(element, "rsc-pattern");
      return {
        id,
        kind: "location",
        resource: word(element, "rsc"),
        with: null,
        node: word(element, "node"),
        score: word(element, "score") ?? scoreOf(rules[0]),
        role: word(element, "role") ?? word(rules[0] ?? null, "role"),
        rule: joined([pattern === null ? null : `/${pattern}/`, sets, rulesInWords(rules)]),
      };
    }
    case "rsc_colocation":
      return {
        id,
        kind: "colocation",
        resource: word(element, "rsc"),
        with: word(element, "with-rsc"),
        node: null,
        score: word(element, "score") ?? word(element, "score-attribute") ?? word(element, "score-attribute-mangle"),
        role: word(element, "rsc-role"),
        withRole: word(element, "with-rsc-role"),
        rule: joined([sets, onAttribute(element), rulesInWords(childrenOf(element, "rule"))]),
      };
    case "rsc_order":
      return {
        id,
        kind: "order",
        resource: word(element, "then"),
        with: word(element, "first"),
        node: null,
        score: word(element, "score") ?? word(element, "kind"),
        role: null,
        rule: joined([actionsInWords(element), sets]),
      };
    case "rsc_ticket": {
      const loss = word(element, "loss-policy");
      return {
        id,
        kind: "ticket",
        resource: word(element, "rsc"),
        with: null,
        node: null,
        score: null,
        role: word(element, "rsc-role"),
        rule: joined([`ticket ${requiredWord(element, "ticket")}`, loss === null ? null : `loss-policy=${loss}`, sets]),
      };
    }
    default: // an element of a newer schema: not one of the four kinds we can show
      return null;
  }
}

function joined(parts: readonly (string | null)[]): string | null {
  const said = parts.filter((part) => part !== null && part !== "");
  return said.length === 0 ? null : said.join(" ");
}

function scoreOf(rule: XmlElement | undefined): string | null {
  return rule === undefined ? null : (word(rule, "score") ?? word(rule, "score-attribute"));
}

function onAttribute(element: XmlElement): string | null {
  const attribute = word(element, "node-attribute");
  return attribute === null ? null : `node-attribute=${attribute}`;
}

/** The actions of an order, only where they are not the default: "promote drbd-clone then start grp". */
function actionsInWords(element: XmlElement): string | null {
  const [firstAction, thenAction] = [word(element, "first-action"), word(element, "then-action")];
  if (firstAction === null && thenAction === null) return null;
  return `${firstAction ?? "start"} ${word(element, "first") ?? ""} then ${thenAction ?? firstAction ?? "start"} ${word(element, "then") ?? ""}`;
}

/** Resource sets as crm prints them: `( a b )` where order or colocation inside the set does not matter. */
function setsOf(element: XmlElement): string | null {
  const sets = childrenOf(element, "resource_set").map((set) => {
    const reference = word(set, "id-ref");
    if (reference !== null) return `set ${reference}`;
    const qualifier = [word(set, "role"), word(set, "action")].filter((part) => part !== null).join(",");
    const members = childrenOf(set, "resource_ref").map((member) => requiredWord(member, "id") + (qualifier === "" ? "" : `:${qualifier}`));
    const loose = word(set, "sequential") === "false";
    const any = word(set, "require-all") === "false";
    return any ? `[ ${members.join(" ")} ]` : loose ? `( ${members.join(" ")} )` : members.join(" ");
  });
  return sets.length === 0 ? null : sets.join(" ");
}

/** Rules in crm's words; with more than one each carries its own score. */
function rulesInWords(rules: readonly XmlElement[]): string | null {
  if (rules.length === 0) return null;
  if (rules.length === 1 && rules[0] !== undefined) return ruleInWords(rules[0]);
  return rules.map((rule) => `rule ${scoreOf(rule) ?? "?"}: ${ruleInWords(rule)}`).join(" ");
}

/** One rule: its expressions joined by its own and/or; nested rules in brackets. */
function ruleInWords(rule: XmlElement): string {
  const reference = word(rule, "id-ref");
  if (reference !== null) return `$id-ref=${reference}`;
  const operator = word(rule, "boolean-op") ?? "and";
  const parts = rule.children.map((part) => {
    switch (part.name) {
      case "rule":
        return `( ${ruleInWords(part)} )`;
      case "date_expression":
        return dateInWords(part);
      case "rsc_expression":
      case "op_expression":
        return `${part.name === "rsc_expression" ? "resource" : "operation"} ${attributesInWords(part, [])}`;
      default:
        return expressionInWords(part);
    }
  });
  return parts.length === 0 ? "(no expression)" : parts.join(` ${operator} `);
}

function expressionInWords(element: XmlElement): string {
  const attribute = word(element, "attribute") ?? "?";
  const operation = word(element, "operation") ?? "?";
  if (operation === "defined" || operation === "not_defined") return `${operation} ${attribute}`;
  const type = word(element, "type");
  return `${attribute} ${type === null || type === "string" ? "" : `${type}:`}${operation} ${element.attributes.value ?? ""}`;
}

function dateInWords(element: XmlElement): string {
  const operation = word(element, "operation") ?? "in_range";
  const [start, end] = [word(element, "start"), word(element, "end")];
  const parts = element.children.map((part) =>
    word(part, "id-ref") !== null ? `${part.name} ${word(part, "id-ref")}` : attributesInWords(part, []),
  );
  const spec = parts.length === 0 ? "" : ` ${parts.join(" ")}`;
  switch (operation) {
    case "lt":
      return `date lt ${end ?? "?"}`;
    case "gt":
      return `date gt ${start ?? "?"}`;
    case "date_spec":
      return `date spec${spec}`;
    default:
      return `date ${operation === "in_range" ? "in" : operation} start=${start ?? "-"}${end === null ? "" : ` end=${end}`}${spec}`;
  }
}

function attributesInWords(element: XmlElement, without: readonly string[]): string {
  return Object.entries(element.attributes)
    .filter(([name]) => name !== "id" && !without.includes(name))
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}
