// SPDX-License-Identifier: Apache-2.0
import type { Run } from "@/agent/protocol/console/runs";
import type { View } from "@/agent/protocol/console/view";
import { fencedSince } from "./progress";
import type { RunnerDeps } from "./run";
import type { Drive, End } from "./send-step";
import { waitFor } from "./wait";

/** An end that was not known is looked for so long. */
const RESOLVE_MS = 1_800_000;

/** What was not known at the end is learnt from the view, where it can tell. */
export async function resolveLater(deps: RunnerDeps, { slug, held }: Drive, run: Run, fencings: ReadonlySet<string>): Promise<void> {
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
