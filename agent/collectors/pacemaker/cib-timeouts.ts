// SPDX-License-Identifier: Apache-2.0
import type { Pacemaker } from "@/agent/protocol/model/pacemaker";
import type { XmlElement } from "@/agent/xml";
import { valueIn } from "./cib-resources";
import { MOVING_TASKS } from "./crm-mon-operations";
import { child, childrenOf, word } from "./fields";

type Timeouts = NonNullable<Pacemaker["timeouts"]>;

/** Units of a time in the configuration, in ms; a bare number is seconds. Source: crm_get_msec of Pacemaker 1.1 to 2.1. */
const UNITS: Readonly<Record<string, number>> = {
  "": 1_000,
  s: 1_000,
  sec: 1_000,
  ms: 1,
  msec: 1,
  us: 0.001,
  usec: 0.001,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
};

/** Ms of a timeout as written ("100", "100s", "2min"); null when it is none. */
export function timeoutMs(written: string | null): number | null {
  const match = /^\s*([0-9]{1,9})\s*([a-z]*)\s*$/i.exec(written ?? "");
  const unit = UNITS[match?.[2]?.toLowerCase() ?? "?"];
  return match?.[1] === undefined || unit === undefined ? null : Math.round(Number.parseInt(match[1], 10) * unit);
}

/**
 * How long starts, stops, promotions and demotions may take, where the configuration says so: the resource's own operation, its
 * template's, or the defaults for all operations. Where none of them says it nothing is told: the default is the program's.
 */
export function readTimeouts(resources: XmlElement, defaults: readonly XmlElement[]): Timeouts {
  const templates = new Map(childrenOf(resources, "template").map((template) => [word(template, "id"), template]));
  const forAll = timeoutMs(valueIn(defaults, "timeout"));
  return primitivesIn(resources).flatMap((primitive) => {
    const resource = word(primitive, "id");
    const template = templates.get(word(primitive, "template"));
    if (resource === null) return [];
    return [...MOVING_TASKS].flatMap((task) => {
      const limit = ofOperation(primitive, task) ?? (template === undefined ? null : ofOperation(template, task)) ?? forAll;
      return limit === null ? [] : [{ resource, task, timeoutMs: limit }];
    });
  });
}

function primitivesIn(element: XmlElement): XmlElement[] {
  return element.children.flatMap((inner) => (inner.name === "primitive" ? [inner] : inner.name === "template" ? [] : primitivesIn(inner)));
}

function ofOperation(owner: XmlElement, task: string): number | null {
  const operation = childrenOf(child(owner, "operations"), "op").find((op) => word(op, "name") === task);
  if (operation === undefined) return null;
  const nested = [...childrenOf(operation, "meta_attributes"), ...childrenOf(operation, "instance_attributes")];
  return timeoutMs(word(operation, "timeout") ?? valueIn(nested, "timeout"));
}
