// SPDX-License-Identifier: Apache-2.0
import type { StepOf, ToolCall } from "./define";

/** The cluster's `maintenance-mode`, or one node's `maintenance`. Off: a node's attribute is taken away, the cluster's says no. */
export function maintenance({ node, on }: StepOf<"maintenance">): ToolCall {
  if (node === null)
    return { tool: "crm_attribute", args: ["--type", "crm_config", "--name", "maintenance-mode", "--update", on ? "true" : "false"] };
  const change = on ? ["--update", "true"] : ["--delete"];
  return { tool: "crm_attribute", args: ["--type", "nodes", "--node", node, "--name", "maintenance", ...change] };
}
