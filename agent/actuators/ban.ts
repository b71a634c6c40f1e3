// SPDX-License-Identifier: Apache-2.0
import { constraintArgs } from "./constraint-args";
import type { StepOf, ToolCall } from "./define";

/** A `cli-ban-` constraint: the resource (or its promoted role) may not be on that node. */
export function ban(step: StepOf<"ban">): ToolCall {
  return { tool: "crm_resource", ...constraintArgs("--ban", step) };
}
