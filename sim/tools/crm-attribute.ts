// SPDX-License-Identifier: Apache-2.0
import { childOf, ensureChild, sectionOf, setValue, valueIn } from "@/sim/cib/tree";
import { done, EXIT, editCopy, optionsOf, type Tool, type ToolCall, ToolEnd } from "./tool";

/** Sets an attribute of a node, as an admin's; null takes it out. */
function setOnNode(call: ToolCall, tool: string, node: string, name: string, value: string | null): string {
  let said = "";
  editCopy(call, tool, (cib) => {
    const found = sectionOf(cib, "nodes").content.find((one) => one.attributes.uname === node);
    if (!found) throw new ToolEnd(EXIT.noSuch, `crm_attribute: Could not map name=${node} to a UUID`);
    const id = `nodes-${found.attributes.id}`;
    if (value === null && valueIn(childOf(found, "instance_attributes", id), name) === null) return;
    setValue(ensureChild(found, "instance_attributes", id), name, value);
    if (value === null) said = `Deleted nodes attribute: id=${id}-${name} name=${name}\n`;
  });
  return said;
}

/** `crm_standby -N NODE -v on`, or `-D`. */
export const crmStandby: Tool = (call) => {
  const options = optionsOf("crm_standby", ["node= N", "update= v", "delete D", "lifetime= l", "quiet q"], call.args);
  const value = options.has("delete") ? null : (options.get("update") ?? "on");
  return done(setOnNode(call, "crm_standby", options.get("node") ?? call.node.name, "standby", value));
};

/** `crm_attribute --name NAME [--node NODE] --update VALUE`, or `--delete`. */
export const crmAttribute: Tool = (call) => {
  const list = ["name= n", "node= N", "update= v", "delete D", "type= t", "lifetime= l", "quiet q"];
  const options = optionsOf("crm_attribute", list, call.args);
  const name = options.get("name");
  const value = options.has("delete") ? null : options.get("update");
  if (name === undefined || value === undefined)
    throw new ToolEnd(EXIT.usage, "crm_attribute: on this simulated node only --update and --delete");
  const node = options.get("node");
  if (node !== undefined) return done(setOnNode(call, "crm_attribute", node, name, value));
  editCopy(call, "crm_attribute", (cib) =>
    setValue(ensureChild(sectionOf(cib, "crm_config"), "cluster_property_set", "cib-bootstrap-options"), name, value),
  );
  return done();
};
