// SPDX-License-Identifier: Apache-2.0
import type { Run } from "@/agent/protocol/console/runs";

/** What a command does to a service shows at the latest so long after the command ended. */
const AFTER_A_COMMAND_MS = 30_000;
/** Clocks of a node and the console agree this far. */
const SLACK_MS = 5_000;

/** The command of this console that stands behind what happened to one of these at a moment; undefined: none. `about`: keys of the view. */
export function commandBehind(runs: readonly Run[], about: ReadonlySet<string>, atMs: number): Run | undefined {
  return runs.findLast(
    (one) =>
      one.isDisruptive &&
      one.outcome !== "refused" &&
      one.about.some((key) => about.has(key)) &&
      atMs >= one.startedAtMs - SLACK_MS &&
      (one.endedAtMs === null || atMs <= one.endedAtMs + AFTER_A_COMMAND_MS),
  );
}
