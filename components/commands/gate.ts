// SPDX-License-Identifier: Apache-2.0
import type { UserRole } from "@/agent/protocol/console/api";
import type { CommandPreview } from "@/agent/protocol/console/commands";
import type { GuardFinding } from "@/agent/protocol/console/runs";
import { formatCount } from "@/components/ui/format";
import { mayDo } from "./acting";

/** What a person has given so far in answer to a preview. */
export interface Given {
  /** The findings accepted, by `acceptKey`. */
  accepted: ReadonlySet<string>;
  typed: string;
  reason: string;
}

export const NOTHING_GIVEN: Given = { accepted: new Set(), typed: "", reason: "" };

/** Two findings of one guard are two warnings: each is accepted by itself. */
export function acceptKey({ guard, message }: GuardFinding): string {
  return `${guard} ${message}`;
}

/** Why it cannot be confirmed yet, as a sentence that says what to do; null: it can. The server decides anew all the same. */
export function whyNotYet(preview: CommandPreview, given: Given, role: UserRole, isExpired: boolean): string | null {
  const { findings, typedName } = preview;
  const blocks = findings.filter(({ level }) => level === "block").length;
  if (blocks > 0) return `Refused for ${formatCount(blocks, "reason")}. Nobody can override that; it opens when nothing is refused.`;
  if (!mayDo(role, "operator")) return "Only an operator or an admin can start it.";
  if (typedName !== null && !mayDo(role, "admin")) return "Only an admin can go on here, by typing the name.";
  if (isExpired) return "This preview is too old to be confirmed. Preview again.";
  const open = findings.filter((finding) => finding.level === "warn" && !given.accepted.has(acceptKey(finding))).length;
  if (open > 0) return `${formatCount(open, "warning")} above ${open === 1 ? "is" : "are"} not accepted yet.`;
  if (typedName !== null && given.typed !== typedName) return `Type ${typedName} to go on.`;
  if (preview.needsReason && given.reason.trim() === "") return "Give a reason: it is kept in the audit.";
  return null;
}

/** The guards that a confirmation names: those accepted one by one, and those that the typed name answers. */
export function acceptedGuards({ findings }: CommandPreview, { accepted }: Given): string[] {
  const guards = findings.filter((finding) => finding.level === "type" || (finding.level === "warn" && accepted.has(acceptKey(finding))));
  return [...new Set(guards.map(({ guard }) => guard))];
}
