// SPDX-License-Identifier: Apache-2.0
import type { Said } from "@/agent/protocol/console/view";

export function isTrouble({ level }: Pick<Said, "level">): boolean {
  return level === "bad" || level === "risk" || level === "differs";
}

/** What is wrong has colour; what is not known is dotted. */
export function toneOf(said: Pick<Said, "level">): "" | "risk" | "q" {
  if (isTrouble(said)) return "risk";
  return said.level === "old" || said.level === "unknown" ? "q" : "";
}
