// SPDX-License-Identifier: Apache-2.0
import type { StepOf, ToolCall } from "./define";

/** `is-managed` of a resource. It is written also where it is only a default, because a default may be no. */
export function managed({ resource, on }: StepOf<"managed">): ToolCall {
  const value = on ? "true" : "false";
  return { tool: "crm_resource", args: ["--resource", resource, "--meta", "--set-parameter", "is-managed", "--parameter-value", value] };
}
