// SPDX-License-Identifier: Apache-2.0
import type { StepOf } from "./define";

/** What `--move` and `--ban` of crm_resource share. `older`: "Master" was the word for "Promoted" before 2.1. */
export function constraintArgs(
  act: "--move" | "--ban",
  { resource, node, role, lifetimeSeconds }: Omit<StepOf<"prefer" | "ban">, "kind">,
): { args: string[]; older?: string[] } {
  const head = [act, "--resource", resource, "--node", node];
  const tail = lifetimeSeconds === null ? [] : ["--lifetime", `PT${lifetimeSeconds}S`];
  if (role === null) return { args: [...head, ...tail] };
  return { args: [...head, "--promoted", ...tail], older: [...head, "--master", ...tail] };
}
