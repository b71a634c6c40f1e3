// SPDX-License-Identifier: Apache-2.0
import type { Effect } from "@/agent/protocol/console/commands";
import type { Run } from "@/agent/protocol/console/runs";
import type { View } from "@/agent/protocol/console/view";
import type { Step } from "@/agent/protocol/steps";
import { formatDuration } from "@/server/cluster/words";
import type { End, PlanItem } from "./define";
import { effectsOf, unlikePredicted } from "./effects";
import { isToldNow } from "./look";
import { collectFailures, endPhases, failedSince, failuresIn, fencedSince, fencingsIn, followed, nextPhases } from "./progress";
import { resolveLater } from "./resolve";
import { restWatch, stuckWatch } from "./rest";
import type { RunnerDeps } from "./run";
import { type Drive, sendStep } from "./send-step";
import { waitFor } from "./wait";

/** What was written is in the cluster's hands: so long it may take to come to what was predicted. */
const SETTLE_MS = 300_000;

/** Takes a run through its plan, follows it to its end, and closes its row. Only this sends steps. */
export async function drive(deps: RunnerDeps, driving: Drive): Promise<void> {
  const { slug, held } = driving;
  const { run, end, fencings } = await follow(deps, driving);
  const nowMs = deps.now();
  const view = deps.viewOf(slug);
  const undo = end.outcome === "done" && view ? held.command.undo(driving.ready.view, held.args) : null;
  const closed: Run = { ...run, endedAtMs: nowMs, phases: endPhases(run.phases, nowMs), outcome: end.outcome, says: end.says, undo };
  try {
    await deps.audit.append("closed", { runId: run.id, cluster: slug }, { ...end, phases: closed.phases });
  } finally {
    // Also when the record cannot be written: it is over, and the next one may come.
    deps.runs.show(slug, closed);
  }
  await deps.onEnded(held, closed);
  if (end.outcome === "unknown") await resolveLater(deps, driving, closed, fencings);
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
  // What the cluster has to show counts only as its word of now.
  const isTold = (view: View) => isToldNow(view, command, args);
  const failures = failuresIn(ready.view, resources);
  const collected = collectFailures(ready.view);
  const isFence = steps.some(({ kind }) => kind === "fence");
  // What no cluster manager carries out may outlast many of its fencings, and says itself how it ended.
  const isOwn = command.end !== undefined;
  let run = driving.run;
  let last = ready.view;
  const say = (says: string) => {
    const nowMs = deps.now();
    run = { ...run, phases: [...endPhases(run.phases, nowMs), { says, startedAtMs: nowMs, endedAtMs: null }] };
    deps.runs.show(slug, run);
  };
  /** Sees what the cluster does meanwhile. */
  const look = (view: View): null => {
    collected.see(view);
    const phases = nextPhases(run.phases, last, view, resources, deps.now());
    last = view;
    if (phases.length !== run.phases.length) {
      run = { ...run, phases };
      // Not from within the view's own change: that would call us again.
      queueMicrotask(() => deps.runs.show(slug, run));
    }
    return null;
  };
  const ended = (end: End) => {
    const fenced = isFence || isOwn ? [] : fencedSince(deps.viewOf(slug) ?? last, fencings, collected.seen);
    return { run, end: withFencing(end, fenced), fencings };
  };

  /** The same, and tells when the cluster has done nothing for a while. */
  const restingLook = () => {
    const atRest = restWatch(deps.now, isTold);
    return (view: View): "rest" | null => {
      const isNew = nextPhases(run.phases, last, view, resources, deps.now()).length !== run.phases.length;
      look(view);
      return atRest(view, resources, isNew) ? "rest" : null;
    };
  };

  let nth = 0;
  for (const [index, item] of plan.entries()) {
    if ("step" in item) {
      const isFirst = nth === 0;
      const along = effectsOf(ready.view, shown.steps.slice(0, nth));
      if (!isFirst && isShort(deps.viewOf(slug), along)) {
        // What moves along is still under way: the next step's simulation would take it for the step's own doing. Where it does
        // not come, the cluster is at rest and that simulation says so.
        say("waits until all that moves along has come too");
        await waitFor(deps, slug, {
          until: (view) => isTold(view) && !isShort(view, along),
          withinMs: SETTLE_MS,
          look: restingLook(),
        });
      }
      say(stepSays(item.step, driving.node));
      const end = await sendStep(deps, driving, item.step, nth, isFirst ? ready : null);
      nth += 1;
      if (end) return ended(end);
      continue;
    }
    say(`waits until ${item.says}`);
    const rests = restingLook();
    const failed = (view: View) => failedSince(view, resources, failures);
    const stays = stuckWatch(deps.now, (view) => (isTold(view) ? (item.stuck?.(view) ?? null) : null));
    const how = await waitFor<Early>(deps, slug, {
      until: (view) => isTold(view) && item.until(view),
      withinMs: item.withinMs,
      look: (view) => {
        const stuck = stays(view);
        if (stuck !== null) return { stuck };
        // Where an operation failed and nothing follows, it will not come true by waiting on.
        return rests(view) !== null && failed(view).length > 0 ? { failed: failed(view) } : null;
      },
    });
    if (typeof how === "object" && "stuck" in how.early) {
      return ended({ outcome: "unsettled", says: `${shown.title}: it was written. ${how.early.stuck}` });
    }
    if (how !== "settled") return ended(unsettled(item, how, plan.slice(index + 1)));
  }
  if (!isOwn) say("the cluster settles");
  const settled = (view: View) => command.settled(view, args);
  // A fenced node boots again, and the cluster moves on: where its services are then was not simulated.
  const predicted = (view: View) => (isFence ? [] : unlikePredicted(view, shown.effects));
  const isDone = (view: View) => isTold(view) && settled(view) && predicted(view).length === 0;
  const how = await waitFor(deps, slug, {
    until: isDone,
    withinMs: SETTLE_MS,
    look: restingLook(),
  });
  const view = deps.viewOf(slug) ?? last;
  // What comes true in the very view by which the wait was over counts as well.
  if (how === "settled" || isDone(view)) {
    const own = command.end?.(view, args, run.startedAtMs);
    if (own) return ended(own);
    return ended({ outcome: "done", says: `${shown.title}: done in ${formatDuration(Math.max(1_000, deps.now() - run.startedAtMs))}.` });
  }
  if (how === "timeOver" && !isTold(view)) {
    const says = `${shown.title}: it was written, but nobody is heard who could tell what became of it. The cluster itself will show.`;
    return ended({ outcome: "unknown", says });
  }
  const elsewhere = predicted(view);
  if (settled(view) && elsewhere.length > 0) {
    const says = `${shown.title}: it was written, but the cluster came to rest elsewhere than simulated: ${elsewhere.join("; ")}.`;
    return ended({ outcome: "unsettled", says });
  }
  return ended({ outcome: "unsettled", says: `${shown.title}: it was written, but the cluster does not show it. Look at what it does.` });
}

/** What ends a wait before its time: why it stays as it is, or operations that failed. */
type Early = { stuck: string } | { failed: readonly string[] };

/** A wait that did not come true; what the rest of the plan would have removed is still there. */
function unsettled(
  { says, withinMs }: Extract<PlanItem, { until: unknown }>,
  how: "timeOver" | "gone" | { early: Early },
  rest: readonly PlanItem[],
): End {
  const left = rest.flatMap((item) => ("step" in item && item.step.kind === "clear" ? item.step.constraints : []));
  const next = left.length === 0 ? "Look at what the cluster does." : `${left.join(", ")} is still there: see why, then clear it.`;
  if (typeof how === "object") {
    const failed = "failed" in how.early ? how.early.failed.join(" ") : "";
    const what = `${failed} Waited until ${says}: the cluster came to rest without it.`;
    return { outcome: "failed", says: `${what} ${next}` };
  }
  const why = how === "gone" ? "the cluster is not here any more" : `it was not so after ${formatDuration(withinMs)}`;
  return { outcome: "unsettled", says: `Waited until ${says}: ${why}. Nothing more was written. ${next}` };
}

function isShort(view: View | null, effects: readonly Effect[]): boolean {
  return view !== null && unlikePredicted(view, effects).length > 0;
}

/** A fencing in between is the end that matters, whatever else came true. */
function withFencing(end: End, fenced: readonly string[]): End {
  if (fenced.length === 0) return end;
  const outcome = end.outcome === "unknown" ? "unknown" : "failed";
  return { outcome, says: `${fenced.join(" ")} ${end.says}` };
}

function stepSays(step: Step, node: string): string {
  switch (step.kind) {
    case "fence":
      return `${node} has ${step.node} fenced`;
    case "aoeDiscover":
      return `${node} asks for AoE targets`;
    case "drbdVerify":
      return `${node} has DRBD begin`;
    case "drbdVerifyStop":
      return `${node} has DRBD stop`;
    case "drbdDisconnect":
      return `${node} has DRBD let go of its peer`;
    case "drbdConnect":
      return `${node} has DRBD look for its peer`;
    case "drbdTakeFromPeer":
      return `${node} has DRBD take the marked blocks`;
    default:
      return `${node} writes it`;
  }
}
