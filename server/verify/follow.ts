// SPDX-License-Identifier: Apache-2.0
import type { AgentFrame } from "@/agent/protocol/messages";
import type { NodeFacts } from "@/server/cluster/facts";
import { followLine } from "./follow-line";
import { followReading } from "./follow-reading";
import { atConsole, type FollowAround, type Following, touched, unchanged, withRuns, withSide } from "./follow-runs";
import type { FollowedRun } from "./run-state";

type Followable = Extract<AgentFrame, { type: "fact" | "telemetry" | "line" | "gap" }>;

/** What a frame of an agent means for the verifies under way of its cluster. Pure. `writes` is what of it is to be kept. */
export function follow(runs: readonly FollowedRun[], frame: Followable, around: FollowAround): Following {
  const node = around.after.nodes.get(around.node);
  if (!node) return unchanged(runs);
  switch (frame.type) {
    case "gap":
      return followGap(runs, node, frame, around.nowMs);
    case "line":
      return followLine(runs, node, frame.line, around);
    case "fact":
    case "telemetry":
      if (frame.source !== "drbd" || frame.readings.drbd?.status !== "ok") return unchanged(runs);
      return followReading(runs, node, atConsole(node, frame.readings.drbd.takenAtMs, around.nowMs), around);
  }
}

/** Frames of a node that were lost while a run was under way: nothing that it did not say can be counted on. */
function followGap(runs: readonly FollowedRun[], node: NodeFacts, gap: Extract<AgentFrame, { type: "gap" }>, nowMs: number): Following {
  const toMs = atConsole(node, gap.toMs, nowMs);
  const changed = runs.flatMap((run) =>
    run.summary.startedAtMs <= toMs && run.sides.some((side) => side.node === node.node && !side.hasGap)
      ? [touched(run, { sides: withSide(run, node.node, { hasGap: true }) }, nowMs, false)]
      : [],
  );
  return withRuns(runs, changed);
}
