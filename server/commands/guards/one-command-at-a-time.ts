// SPDX-License-Identifier: Apache-2.0
import type { Run } from "@/agent/protocol/console/runs";
import { keyOf } from "@/agent/protocol/console/view";
import { formatDuration } from "@/server/cluster/words";
import { every } from "@/server/findings/define";
import { defineGuard, type Found } from "../define";
import { isFence, isStanding } from "../look";

/** What somebody is doing, as "is …": by verb, from the arguments' names. */
const DOING: Readonly<Record<string, (of: (name: string) => string) => string>> = {
  "node.standby": (of) => `putting ${of("node")} in standby`,
  "node.unstandby": (of) => `taking ${of("node")} out of standby`,
  "node.fence": (of) => `fencing ${of("node")}`,
  "resource.move": (of) => `moving ${of("resource")}`,
  "resource.ban": (of) => `banning ${of("resource")}`,
  "resource.clear": (of) => `clearing constraints of ${of("resource")}`,
};

function doing({ ask, title }: Run): string {
  const name = (key: string) => {
    const value = ask.args[key];
    return typeof value === "string" ? value : null;
  };
  const say = DOING[ask.verb];
  const isNamed = name("node") !== null || name("resource") !== null;
  return say && isNamed ? `is ${say((key) => name(key) ?? "something")}` : `is at work: ${title}`;
}

/** One command that moves things per cluster, across all people and browsers. Only a fencing does not wait its turn. */
export const noOtherCommandRuns = defineGuard({
  name: "no-other-command-runs",
  number: "0.4",
  check(context) {
    const { view, nowMs, runId } = context;
    return every(view, "run").flatMap(([key, run]): Found[] => {
      if (!run.isDisruptive || run.endedAtMs !== null || run.id === runId) return [];
      const started = isStanding(context) ? "" : ` (started ${formatDuration(nowMs - run.startedAtMs)} ago)`;
      const who = `${run.by} ${doing(run)}${started}.`;
      const about = [key, ...run.about, keyOf.cluster];
      if (isFence(context)) return [{ level: "type", message: `${who} Fencing now cuts into it.`, about }];
      return [{ level: "block", message: `${who} One such command per cluster at a time: wait until it has ended.`, about }];
    });
  },
});
