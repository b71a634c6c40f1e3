// SPDX-License-Identifier: Apache-2.0
import type { Outcome, Run } from "@/agent/protocol/console/runs";
import type { View } from "@/agent/protocol/console/view";
import type { AuditHead, ExpectedDrbd, Step, StepPreview } from "@/agent/protocol/steps";
import { formatDuration } from "@/server/cluster/words";
import { expectedDrbd } from "./acting";
import type { PlanItem } from "./define";
import { unlikePredicted } from "./effects";
import type { HeldPreview } from "./previews";
import { endPhases, fencedSince, fencingsIn, followed, isBusy, nextPhases } from "./progress";
import type { RunnerDeps } from "./run";
import { waitFor } from "./wait";

/** What the acting agent answered a moment ago: the first step may be sent with it. */
export interface Ready {
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

type End = { outcome: Outcome; says: string };
/** What was written is in the cluster's hands: so long it may take to come to what was predicted. */
const SETTLE_MS = 300_000;
/** So long without any operation, and it has come to rest where it is. */
const REST_MS = 20_000;
/** An end that was not known is looked for so long. */
const RESOLVE_MS = 1_800_000;

/** Takes a run through its plan, follows it to its end, and closes its row. Only this sends steps. */
export async function drive(deps: RunnerDeps, driving: Drive): Promise<void> {
  const { slug, held } = driving;
  const { run, end, fencings } = await follow(deps, driving);
  const nowMs = deps.now();
  const view = deps.viewOf(slug);
  const undo = end.outcome === "done" && view ? held.command.undo(driving.ready.view, held.args) : null;
  const closed: Run = { ...run, endedAtMs: nowMs, phases: endPhases(run.phases, nowMs), outcome: end.outcome, says: end.says, undo };
  await deps.audit.append("closed", { runId: run.id, cluster: slug }, { ...end, phases: closed.phases });
  deps.runs.show(slug, closed);
  await deps.onEnded(held, closed);
  if (end.outcome === "unknown") await resolve(deps, driving, closed, fencings);
}

async function follow(deps: RunnerDeps, driving: Drive): Promise<{ run: Run; end: End; fencings: ReadonlySet<string> }> {
  const { slug, held, ready } = driving;
  const { command, args, steps, shown } = held;
  const plan = command.plan(ready.view, args, steps, shown.steps);
  const fencings = fencingsIn(ready.view);
  const resources = followed(
    ready.view,
    command.touched(ready.view, args, shown.steps).resources,
    shown.steps.flatMap(({ actions }) => actions),
  );
  const isFence = steps.some(({ kind }) => kind === "fence");
  let run = driving.run;
  let last = ready.view;
  const say = (says: string) => {
    const nowMs = deps.now();
    run = { ...run, phases: [...endPhases(run.phases, nowMs), { says, startedAtMs: nowMs, endedAtMs: null }] };
    deps.runs.show(slug, run);
  };
  /** Sees what the cluster does meanwhile. */
  const look = (view: View): null => {
    const phases = nextPhases(run.phases, last, view, resources, deps.now());
    last = view;
    if (phases.length !== run.phases.length) {
      run = { ...run, phases };
      // Not from within the view's own change: that would call us again.
      queueMicrotask(() => deps.runs.show(slug, run));
    }
    return null;
  };
  const ended = (end: End) => ({ run, end: withFencing(end, isFence ? [] : fencedSince(deps.viewOf(slug) ?? last, fencings)), fencings });

  let nth = 0;
  for (const item of plan) {
    if ("step" in item) {
      const isFirst = nth === 0;
      say(stepSays(item.step, driving.node));
      const end = await take(deps, driving, item.step, nth, isFirst ? ready : null);
      nth += 1;
      if (end) return ended(end);
      continue;
    }
    say(`waits until ${item.says}`);
    const how = await waitFor(deps, slug, { until: item.until, withinMs: item.withinMs, look });
    if (how !== "settled") return ended(unsettled(item, how === "gone"));
  }
  say("the cluster settles");
  const settled = (view: View) => command.settled(view, args);
  const predicted = (view: View) => unlikePredicted(view, shown.effects);
  const atRest = restWatch(deps.now);
  const how = await waitFor(deps, slug, {
    until: (view) => settled(view) && predicted(view).length === 0,
    withinMs: SETTLE_MS,
    look(view) {
      const isNew = nextPhases(run.phases, last, view, resources, deps.now()).length !== run.phases.length;
      look(view);
      return atRest(view, resources, isNew) ? "rest" : null;
    },
  });
  if (how === "settled") {
    return ended({ outcome: "done", says: `${shown.title}: done in ${formatDuration(Math.max(1_000, deps.now() - run.startedAtMs))}.` });
  }
  const view = deps.viewOf(slug) ?? last;
  const elsewhere = predicted(view);
  if (settled(view) && elsewhere.length > 0) {
    const says = `${shown.title}: it was written, but the cluster came to rest elsewhere than simulated: ${elsewhere.join("; ")}.`;
    return ended({ outcome: "unsettled", says });
  }
  return ended({ outcome: "unsettled", says: `${shown.title}: it was written, but the cluster does not show it. Look at what it does.` });
}

/** Tells when the cluster has done nothing for a while: no operation under way, nothing that moved. */
function restWatch(now: () => number): (view: View, resources: ReadonlySet<string>, isNew: boolean) => boolean {
  let busyAtMs = now();
  return (view, resources, isNew) => {
    if (isNew || isBusy(view, resources)) busyAtMs = now();
    return now() - busyAtMs >= REST_MS;
  };
}

function unsettled({ says, withinMs }: Extract<PlanItem, { until: unknown }>, isGone: boolean): End {
  const why = isGone ? "the cluster is not here any more" : `it was not so after ${formatDuration(withinMs)}`;
  return { outcome: "unsettled", says: `Waited until ${says}: ${why}. Nothing more was written; look at what the cluster does.` };
}

/** A fencing in between is the end that matters, whatever else came true. */
function withFencing(end: End, fenced: readonly string[]): End {
  if (fenced.length === 0) return end;
  const outcome = end.outcome === "unknown" ? "unknown" : "failed";
  return { outcome, says: `${fenced.join(" ")} ${end.says}` };
}

/** Sends one step, with the nonce that was just given for it. @returns how the run ends, or null when it goes on */
async function take(deps: RunnerDeps, driving: Drive, step: Step, nth: number, given: Ready | null): Promise<End | null> {
  const { slug, node, held, run, head } = driving;
  const expected = held.shown.steps[nth];
  if (expected?.isSame && expected.change) return null;
  const ready = given ?? (await prepareLater(deps, driving, nth));
  if ("outcome" in ready) return ready;
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
async function prepareLater(deps: RunnerDeps, { slug, node, held }: Drive, nth: number): Promise<Ready | End> {
  const stop = (why: string): End => ({ outcome: "unsettled", says: `${why} The rest was not done: review what is left.` });
  const heard = await deps.agents.prepare(slug, node, ["pacemaker", "drbd"], held.steps.slice(nth));
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
  return { nonce: ready.nonce, steps: ready.steps, drbd: expectedDrbd(view, node), view };
}

/** What was not known at the end is learnt from the view, where it can tell. */
async function resolve(deps: RunnerDeps, { slug, held }: Drive, run: Run, fencings: ReadonlySet<string>): Promise<void> {
  const { command, args } = held;
  const how = await waitFor(deps, slug, {
    until: (view) => isCurrent(view) && command.settled(view, args),
    withinMs: RESOLVE_MS,
    look: (view) => (isCurrent(view) && fencedSince(view, fencings).length > 0 ? fencedSince(view, fencings).join(" ") : null),
  });
  if (how === "gone" || how === "timeOver") return;
  const end: End =
    how === "settled"
      ? { outcome: "done", says: `${run.says ?? ""} Learnt later from the cluster: it was done.`.trim() }
      : { outcome: "failed", says: `${run.says ?? ""} Learnt later from the cluster: ${how.early}`.trim() };
  await deps.audit.append("resolved", { runId: run.id, cluster: slug }, end);
  deps.runs.show(slug, { ...run, ...end });
}

/** Whether the cluster's word in this view is of now. */
function isCurrent(view: View): boolean {
  const cluster = view.get("cluster");
  if (cluster?.kind !== "cluster" || !cluster.pacemaker) return false;
  const source = view.get(`source:${cluster.pacemaker.from.node}/pacemaker`);
  return source?.kind === "source" && source.freshness === "live" && source.status === "ok";
}

function stepSays(step: Step, node: string): string {
  return step.kind === "fence"
    ? `${node} has ${step.node} fenced`
    : step.kind === "aoeDiscover"
      ? `${node} asks for AoE targets`
      : `${node} writes it`;
}
