// SPDX-License-Identifier: Apache-2.0
import type { Run } from "@/agent/protocol/console/runs";
import type { View } from "@/agent/protocol/console/view";
import type { End } from "./define";
import { isCurrent, isToldNow } from "./look";
import { fencedSince, fencingSince } from "./progress";
import type { RunnerDeps } from "./run";
import type { Drive } from "./send-step";
import { waitFor } from "./wait";

/** An end that was not known is looked for so long. */
const RESOLVE_MS = 1_800_000;

/** What was not known at the end is learnt from the view, where it can tell. */
export async function resolveLater(deps: RunnerDeps, { slug, held, ready }: Drive, run: Run, fencings: ReadonlySet<string>): Promise<void> {
  const { command, args, steps } = held;
  const fenced = steps.find((step) => step.kind === "fence")?.node ?? null;
  // What looked so before the step looks so whether it was taken or not: then the view cannot tell.
  if (fenced === null && command.settled(ready.view, args)) return;
  const isDone = (view: View) => (fenced === null ? command.settled(view, args) : fencingSince(view, fencings, fenced) === "success");
  const how = await waitFor(deps, slug, {
    until: (view) => isToldNow(view, command, args) && isDone(view),
    withinMs: RESOLVE_MS,
    // A fencing that was asked for is no failure.
    look: (view) => {
      const others = isCurrent(view) && fenced === null ? fencedSince(view, fencings) : [];
      return others.length > 0 ? others.join(" ") : null;
    },
  });
  if (how === "gone" || how === "timeOver") return;
  const end: End =
    how === "settled"
      ? { outcome: "done", says: `${run.says ?? ""} Learnt later from the cluster: it was done.`.trim() }
      : { outcome: "failed", says: `${run.says ?? ""} Learnt later from the cluster: ${how.early}`.trim() };
  await deps.audit.append("resolved", { runId: run.id, cluster: slug }, end);
  const learnt = { ...run, ...end };
  deps.runs.show(slug, learnt);
  if (end.outcome === "done") await deps.onEnded(held, learnt);
}
