// SPDX-License-Identifier: Apache-2.0
import { constraintArgs } from "./constraint-args";
import type { StepOf, ToolCall } from "./define";

/** Exit when it runs there already: no constraint is written then. Source: CRM_EX_EXISTS, Pacemaker 2. */
const RUNS_THERE = 108;

/** A `cli-prefer-` constraint, which replaces an earlier one of the same resource. */
export function prefer(step: StepOf<"prefer">): ToolCall {
  return { tool: "crm_resource", ...constraintArgs("--move", step), alreadySo: [RUNS_THERE] };
}
