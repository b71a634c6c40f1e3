// SPDX-License-Identifier: Apache-2.0
import type { Ask, GuardFinding } from "@/agent/protocol/console/runs";
import type { Commands } from "@/server/commands/commands";
import type { Asker } from "@/server/commands/previews";

/** How an attempt to give a command came out. later: what keeps it from beginning passes by itself. */
export type Attempt = { did: "started"; run: string } | { did: "later"; says: string; isCounted: boolean } | { did: "not"; says: string };

/** Guards that tell of what is so for a while: to wait is better than to skip. */
export const PASSING: ReadonlySet<string> = new Set(["verify-ends-are-heard", "no-other-command-runs", "mirror-is-at-rest"]);
/** Warnings that do as well, where they were not accepted. */
export const PASSING_WARNINGS: ReadonlySet<string> = new Set(["nodes-and-lines-are-free"]);

interface Terms {
  asker: Asker;
  /** Guards whose warnings are accepted. */
  accept: readonly string[] | "everything";
  reason: string;
  /** Told right before it is confirmed, with the guards that are accepted. */
  announce?: (accepted: readonly string[]) => void;
}

/** Gives a command as its person would in the dialog: previewed, its warnings accepted by name, confirmed. Nothing is typed. */
export async function attempt(
  commands: Pick<Commands, "preview" | "confirm">,
  cluster: string,
  ask: Ask,
  { asker, accept, reason, announce }: Terms,
): Promise<Attempt> {
  const preview = await commands.preview(cluster, ask, asker);
  if ("code" in preview) return { did: "later", says: preview.message, isCounted: true };
  if (preview.isAlreadySo) return { did: "later", says: "It is so already.", isCounted: true };
  const no = objection(preview.findings, accept);
  if (no) return no;
  const accepted = preview.findings.flatMap(({ level, guard }) => (level === "warn" ? [guard] : []));
  announce?.(accepted);
  const answer = await commands.confirm(cluster, { preview: preview.id, accept: accepted, typed: null, reason }, asker);
  if ("code" in answer) return { did: "later", says: answer.message, isCounted: true };
  if (answer.did === "started") return { did: "started", run: answer.run };
  return objection(answer.findings, accept) ?? { did: "later", says: [answer.message, ...answer.differences].join(" "), isCounted: true };
}

/** What stands against it, the gravest first; null when nothing does that was not accepted. */
function objection(findings: readonly GuardFinding[], accept: readonly string[] | "everything"): Attempt | null {
  const blocks = findings.filter(({ level }) => level === "block");
  const [first] = blocks;
  if (first && blocks.every(({ guard }) => PASSING.has(guard))) return { did: "later", says: first.message, isCounted: false };
  const lasting = blocks.find(({ guard }) => !PASSING.has(guard));
  if (lasting) return { did: "not", says: lasting.message };
  const typed = findings.find(({ level }) => level === "type");
  if (typed) return { did: "not", says: `${typed.message} Its name has to be typed, which only a person can do.` };
  const passing = findings.find(
    ({ level, guard }) => level === "warn" && PASSING_WARNINGS.has(guard) && accept !== "everything" && !accept.includes(guard),
  );
  if (passing) return { did: "later", says: passing.message, isCounted: false };
  const open = findings.find(({ level, guard }) => level === "warn" && accept !== "everything" && !accept.includes(guard));
  return open ? { did: "not", says: `${open.message} This warning was not accepted (${open.guard}).` } : null;
}
