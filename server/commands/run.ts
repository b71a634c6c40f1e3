// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import type { Confirmation, ConfirmationAnswer } from "@/agent/protocol/console/commands";
import type { GuardFinding, Run } from "@/agent/protocol/console/runs";
import type { View } from "@/agent/protocol/console/view";
import type { AuditHead } from "@/agent/protocol/steps";
import type { AuditJournal } from "@/server/audit/journal";
import { type Refusal, refusal } from "@/server/auth/refusal";
import { includesRole } from "@/server/auth/roles";
import type { Agents } from "@/server/hub/requests";
import type { Log } from "@/server/log";
import { abandon } from "./abandon";
import { concerned, expectedDrbd, READ_ANEW } from "./acting";
import { differences } from "./changed";
import { type End, judge } from "./define";
import { drive } from "./drive";
import { isToldNow } from "./look";
import { contextOf } from "./offers";
import type { Asker, createPreviews, HeldPreview } from "./previews";
import type { Runs } from "./runs";
import type { Drive, Ready } from "./send-step";
import type { Views } from "./wait";

export interface RunnerDeps extends Views {
  agents: Agents;
  agentIdOf: (slug: string, node: string) => string | null;
  audit: AuditJournal;
  previews: ReturnType<typeof createPreviews>;
  runs: Runs;
  log: Log;
  now: () => number;
  /** Told of a run that ended, with its preview: what else hangs on it. */
  onEnded: (held: HeldPreview, run: Run) => Promise<void>;
}

/**
 * Confirms a preview: everything that could be known against it is asked again, of the guards and of the nodes, before the
 * first step. Answers once that step is on its way, or nothing was written.
 */
export async function confirm(
  deps: RunnerDeps,
  slug: string,
  confirmation: Confirmation,
  asker: Asker,
): Promise<ConfirmationAnswer | Refusal> {
  const held = deps.previews.take(confirmation.preview, slug, asker.user);
  if (!held) return refusal("COMMAND_NO_SUCH_PREVIEW", "This preview is not to be confirmed any more: preview it again.");
  const view = deps.viewOf(slug);
  if (!view) return refusal("CLUSTER_UNKNOWN", "There is no such cluster.");
  const { command, args, shown } = held;
  const runId = randomUUID();
  const refuse = async (
    message: string,
    findings: readonly GuardFinding[],
    changes: readonly string[] = [],
  ): Promise<ConfirmationAnswer> => {
    await deps.audit.append("refused", { runId, cluster: slug }, { ...asked(held, confirmation, asker, findings), says: message });
    return { did: "refused", message, findings: [...findings], differences: [...changes] };
  };

  if (deps.now() > shown.expiresAtMs) return refuse("The preview is too old to be taken for what is: preview it again.", []);
  const judged = (at: View) =>
    judge(command.guards, contextOf(command, args, { view: at, nowMs: deps.now(), asker, preview: shown.steps, runId }));
  const findings = shown.isAlreadySo ? [] : judged(view);
  const objection = objectionTo(findings, confirmation, held, asker);
  if (objection) return refuse(objection, findings);

  const run = newRun(held, runId, asker, deps.now());
  const node = shown.actingNode;
  if (shown.isAlreadySo || node === null) {
    if (!isToldNow(view, command, args) || !command.settled(view, args))
      return refuse("It was so when you previewed it, and is not any more: preview it again.", []);
    const says = "It was so already: nothing was written.";
    await deps.audit.append("opened", { runId, cluster: slug }, asked(held, confirmation, asker, findings));
    await deps.audit.append("closed", { runId, cluster: slug }, { outcome: "alreadySo", says, phases: [] });
    deps.runs.show(slug, { ...run, endedAtMs: deps.now(), outcome: "alreadySo", says });
    return { did: "started", run: runId };
  }
  const other = deps.runs.take(slug, run, command.verb === "node.fence");
  if (other) return refuse(`${other.by} is at work here: ${other.title}. One such command at a time; wait for its end.`, findings);

  let head: AuditHead;
  try {
    // No row, no run.
    head = await deps.audit.append("opened", { runId, cluster: slug }, asked(held, confirmation, asker, findings));
  } catch (cause) {
    deps.runs.drop(slug, runId);
    throw cause;
  }
  let ready: Ready | NotReady;
  try {
    ready = await prepare(deps, held, node, judged);
    if ("refusal" in ready) {
      const { message, changes, later } = ready.refusal;
      await deps.audit.append(
        "closed",
        { runId, cluster: slug },
        { outcome: "refused", says: [message, ...changes].join(" "), phases: [] },
      );
      deps.runs.show(slug, { ...run, endedAtMs: deps.now(), outcome: "refused", says: message });
      return { did: "refused", message, findings: [...later], differences: [...changes] };
    }
  } catch (cause) {
    await abandon(deps, slug, run, { outcome: "refused", says: "The console failed before the first step. Nothing was written." }, cause);
    throw cause;
  }
  const driving: Drive = { slug, held, node, run, head, ready };
  drive(deps, driving).catch((cause: unknown) => abandon(deps, slug, run, LOST, cause));
  return { did: "started", run: runId };
}

const LOST: End = {
  outcome: "unknown",
  says: "The console failed while it followed this: it may have been done in part. It is not tried again; look at what the cluster says.",
};

/** Why a confirmation does not do; null when it does. */
function objectionTo(
  findings: readonly GuardFinding[],
  { accept, typed, reason }: Confirmation,
  { command, args }: HeldPreview,
  asker: Asker,
): string | null {
  const block = findings.find(({ level }) => level === "block");
  if (block) return block.message;
  const type = findings.find(({ level }) => level === "type");
  if (type && !includesRole(asker.role, "admin")) return `${type.message} Only an admin may go on.`;
  if (type && typed !== command.typedName(args)) return `${type.message} To go on, type ${command.typedName(args)}.`;
  const open = findings.find(({ level, guard }) => level === "warn" && !accept.includes(guard));
  if (open) return `${open.message} It was not accepted (${open.guard}).`;
  if (command.needsReason && !reason?.trim()) return "Say why: the reason is kept with it.";
  return null;
}

type NotReady = { refusal: { message: string; changes: readonly string[]; later: readonly GuardFinding[] } };

/** Every node concerned reads its facts anew; the acting one simulates anew. Then the guards once more. */
async function prepare(
  deps: RunnerDeps,
  held: HeldPreview,
  node: string,
  judged: (view: View) => GuardFinding[],
): Promise<Ready | NotReady> {
  const { slug, command, args, shown, steps } = held;
  const no = (message: string, changes: readonly string[] = [], later: readonly GuardFinding[] = []): NotReady => ({
    refusal: { message, changes, later },
  });
  const before = deps.viewOf(slug);
  if (!before) return no("There is no such cluster any more.");
  const others = concerned(before, node, command.touched(before, args, shown.steps)).filter((name) => name !== node);
  const [acting, ...rest] = await Promise.all([
    deps.agents.prepare(slug, node, READ_ANEW, steps),
    ...others.map((name) => deps.agents.prepare(slug, name, READ_ANEW, null)),
  ]);
  for (const [index, heard] of rest.entries()) {
    const why = !heard.ok ? heard.why : heard.answer.ok ? null : heard.answer.error.message;
    if (why !== null) return no(`${others[index]} could not read its facts anew: ${why}. Nothing was written.`);
  }
  if (!acting.ok) return no(`${node} could not prepare it: ${acting.why}. Nothing was written.`);
  if (!acting.answer.ok) return no(`${node} refuses: ${acting.answer.error.message} Nothing was written.`);
  const { ready } = acting.answer;
  const view = deps.viewOf(slug);
  if (!ready || !view) return no(`${node} did not say what it would do. Nothing was written.`);

  const later = judged(view);
  const drbd = expectedDrbd(view, node);
  const changes = differences(
    view,
    { steps: shown.steps, drbd: held.drbd, findings: shown.findings },
    { steps: ready.steps, drbd, findings: later },
  );
  if (changes.length > 0) return no("The cluster changed while you were reading. Review again.", changes, later);
  const block = later.find(({ level }) => level === "block");
  if (block) return no(block.message, [], later);
  return { node, nonce: ready.nonce, steps: ready.steps, drbd, view };
}

function newRun(held: HeldPreview, id: string, asker: Asker, nowMs: number): Run {
  const { shown, command } = held;
  return {
    id,
    ask: shown.ask,
    title: shown.title,
    about: shown.about,
    by: asker.user,
    isDisruptive: command.isDisruptive,
    startedAtMs: nowMs,
    endedAtMs: null,
    phases: [{ says: "every node concerned reads its facts anew", startedAtMs: nowMs, endedAtMs: null }],
    outcome: null,
    says: null,
    undo: null,
    stop: command.stop?.(held.args) ?? null,
  };
}

function asked({ shown, command }: HeldPreview, { accept, reason }: Confirmation, asker: Asker, findings: readonly GuardFinding[]) {
  return {
    ask: { verb: command.verb, args: shown.ask.args },
    title: shown.title,
    about: shown.about,
    by: asker.user,
    token: asker.token,
    from: asker.from,
    reason,
    effects: shown.effects,
    findings: [...findings],
    accepted: findings.filter(({ guard }) => accept.includes(guard)).map(({ guard }) => guard),
    commands: shown.commands,
  };
}
