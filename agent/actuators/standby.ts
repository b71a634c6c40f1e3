// SPDX-License-Identifier: Apache-2.0
import type { StepOf, ToolCall } from "./define";

/** The node runs nothing; off: the attribute is taken away, as `pcs node unstandby` does. */
export function standby({ node, on }: StepOf<"standby">): ToolCall {
  return { tool: "crm_standby", args: ["-N", node, ...(on ? ["-v", "on"] : ["-D"])] };
}
