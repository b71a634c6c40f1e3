// SPDX-License-Identifier: Apache-2.0
import type { Run } from "@/agent/protocol/console/runs";
import type { View } from "@/agent/protocol/console/view";
import type { AuditHead, ExpectedDrbd, Step, StepPreview } from "@/agent/protocol/steps";
import { chooseActing, expectedDrbd } from "./acting";
import type { End } from "./define";
import { nodeOf } from "./look";
import type { HeldPreview } from "./previews";
import type { RunnerDeps } from "./run";

/** What the acting agent answered a moment ago: the first step may be sent with it. */
export interface Ready {
  /** Whose agent it was. */
  node: string;
  nonce: string;
  steps: readonly StepPreview[];
  drbd: readonly ExpectedDrbd[];
  /** The view that the guards passed. */
  view: View;
}

/** A run whose first step may go. */
export interface Drive {
  slug: string;
  held: HeldPreview;
  node: string;
  run: Run;
  /** The chain's head with this run's row in it. */
  head: AuditHead;
  ready: Ready;
}

/** Sends one step, with the nonce that was just given for it. @returns how the run ends, or null when it goes on */
export async function sendStep(deps: RunnerDeps, driving: Drive, step: Step, nth: number, given: Ready | null): Promise<End | null> {
  const { slug, held, run, head } = driving;
  const expected = held.shown.steps[nth];
  if (expected?.isSame && expected.change) return null;
  const ready = given ?? (await prepareLater(deps, driving, nth));
  if ("outcome" in ready) return ready;
  const { node } = ready;
  const simulated = ready.steps[0];
  // Somebody else did it in the meantime.
  if (simulated?.isSame && simulated.change) return null;
  const agentId = deps.agentIdOf(slug, node);
  if (agentId === null)
    return { outcome: nth === 0 ? "refused" : "unsettled", says: `${node}'s agent is not trusted any more. Nothing more was written.` };
  const heard = await deps.agents.step(slug, node, {
    agentId,
    node,
    runId: run.id,
    step,
    nonce: ready.nonce,
    audit: head,
    expect: { change: simulated?.change ?? null, drbd: [...ready.drbd] },
  });
  const answer = heard.ok ? heard.answer : null;
  const error = !heard.ok ? heard.why : answer?.ok === false ? `${answer.error.code}: ${answer.error.message}` : null;
  await deps.audit.append(
    "step",
    { runId: run.id, cluster: slug },
    {
      node,
      kind: step.kind,
      commands: answer?.ok ? answer.commands : [],
      output: answer?.ok ? answer.output : "",
      error,
    },
  );
  if (!heard.ok) {
    if (!heard.wasSent)
      return { outcome: nth === 0 ? "refused" : "unsettled", says: `${heard.why}: the step was not sent. Nothing more was written.` };
    return {
      outcome: "unknown",
      says: `${node} did not say how it ended: ${heard.why}. It may have been done. It is not tried again; the cluster itself will show.`,
    };
  }
  if (heard.answer.ok) return null;
  const { mayHaveHappened, message } = heard.answer.error;
  if (mayHaveHappened)
    return { outcome: "unknown", says: `${message} It may have been done. It is not tried again; the cluster itself will show.` };
  return { outcome: nth === 0 ? "refused" : "failed", says: nth === 0 ? `${message} Nothing was written.` : message };
}

/** A later step has its own preparation: the cluster has moved since, on purpose. What would be written must still be what was previewed. */
async function prepareLater(deps: RunnerDeps, { slug, node: first, held }: Drive, nth: number): Promise<Ready | End> {
  const stop = (why: string): End => ({ outcome: "unsettled", says: `${why} The rest was not done: review what is left.` });
  const steps = held.steps.slice(nth);
  const before = deps.viewOf(slug);
  if (!before) return stop("The cluster is not here any more.");
  // Who acted first may have been fenced meanwhile; whoever can finishes it.
  const acting = nodeOf(before, first)?.link === "live" ? { node: first } : chooseActing(before, steps, null);
  if ("refusal" in acting) return stop(acting.refusal);
  const { node } = acting;
  const heard = await deps.agents.prepare(slug, node, ["pacemaker", "drbd"], steps);
  if (!heard.ok) return stop(`${node} could not prepare the next step: ${heard.why}.`);
  if (!heard.answer.ok) return stop(`${node} refuses the next step: ${heard.answer.error.message}`);
  const { ready } = heard.answer;
  const view = deps.viewOf(slug);
  const [simulated] = ready?.steps ?? [];
  if (!ready || !view || !simulated) return stop(`${node} did not say what the next step would do.`);
  const previewed = held.shown.steps[nth];
  if (!simulated.isSame && previewed?.change && simulated.change?.digest !== previewed.change.digest)
    return stop("What the next step would write is not what was previewed: somebody changed the cluster.");
  if (simulated.actions.length > (previewed?.actions.length ?? 0)) {
    const what = simulated.actions.map(({ action, resource }) => `${action} ${resource ?? "a node"}`).join(", ");
    return stop(`The next step would now move things (${what}).`);
  }
  return { node, nonce: ready.nonce, steps: ready.steps, drbd: expectedDrbd(view, node), view };
}
