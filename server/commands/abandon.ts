// SPDX-License-Identifier: Apache-2.0
import type { Run } from "@/agent/protocol/console/runs";
import type { End } from "./define";
import { endPhases } from "./progress";
import type { RunnerDeps } from "./run";

/** A fault of ours in the middle of a run, a full disk say, must not hold the cluster's lock: the run ends, and says so. Never rejects. */
export async function abandon(
  deps: Pick<RunnerDeps, "runs" | "audit" | "log" | "now">,
  slug: string,
  begun: Run,
  end: End,
  cause: unknown,
): Promise<void> {
  deps.log.error(`${slug}: ${begun.title} could not be followed to its end`, cause);
  const run = deps.runs.of(slug, begun.id) ?? begun;
  // What hangs on its end failed, not the run.
  if (run.endedAtMs !== null) return;
  const nowMs = deps.now();
  const phases = endPhases(run.phases, nowMs);
  deps.runs.show(slug, { ...run, ...end, phases, endedAtMs: nowMs });
  try {
    await deps.audit.append("closed", { runId: run.id, cluster: slug }, { ...end, phases });
  } catch (again) {
    deps.log.error(`${slug}: the end of ${begun.title} could not be recorded; its row is marked when the console starts again`, again);
  }
}
