// SPDX-License-Identifier: Apache-2.0
import { child, childrenOf, word } from "../collectors/pacemaker/fields";
import type { XmlElement } from "../xml";
import type { StepOf, ToolCall } from "./define";
import { StepFailure } from "./failure";

/**
 * Removes constraints by their exact ids. Each must be a location constraint of this resource, or of a group or clone around it,
 * in the configuration at hand; one that is gone is no fault, and costs no call.
 * @throws StepFailure STEP_INVALID when an id is another thing's
 */
export function clear({ resource, constraints }: StepOf<"clear">, cib: XmlElement): ToolCall[] {
  const configuration = child(cib, "configuration");
  const section = configuration === null ? null : child(configuration, "constraints");
  const resources = configuration === null ? null : child(configuration, "resources");
  const owners = new Set([resource, ...(resources === null ? [] : (around(resources, resource) ?? []))]);
  return [...new Set(constraints)].flatMap((id) => {
    const element = section?.children.find((candidate) => candidate.attributes.id === id);
    if (element === undefined) return [];
    if (element.name !== "rsc_location")
      throw new StepFailure("STEP_INVALID", `${id} is not a location constraint, so it is none that a tool left behind.`);
    const owner = word(element, "rsc");
    if (owner === null || !owners.has(owner))
      throw new StepFailure("STEP_INVALID", `${id} is a constraint of ${owner ?? "no single resource"}, not of ${resource}.`);
    return [{ tool: "cibadmin", args: ["--delete", "--scope", "constraints", "--xml-text", `<rsc_location id="${id}"/>`] }];
  });
}

/** The ids of the groups and clones around a resource; null when it is not below this element. */
function around(element: XmlElement, resource: string): string[] | null {
  for (const inner of ["primitive", "group", "clone", "master", "bundle"].flatMap((name) => childrenOf(element, name))) {
    if (inner.attributes.id === resource) return [];
    const found = around(inner, resource);
    if (found !== null) return [...found, inner.attributes.id ?? ""];
  }
  return null;
}
