// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import { formatDuration } from "@/server/cluster/words";
import { isLeftOpen, openDisconnect, repairOfRun } from "@/server/repair/runs";
import { nameOf } from "@/server/repair/words";
import { defineRule, every } from "./define";

/** So long a person may take from one step of a repair to the next. */
const NEXT_STEP_MS = 300_000;

/** Somebody disconnected a mirror for a repair and left it so: the copies drift apart further with every write. */
export const repairOpen = defineRule({
  name: "repair-open",
  doc: {
    area: "mirrors",
    title: "A repair was begun and not finished",
    means: "Somebody disconnected a mirror to repair it: the copies drift apart with every write.",
    levels: ["busy", "risk"],
    fires: "A disconnect for a repair ended, nothing connected it again; at risk after 5 minutes.",
    not: "The minutes a person needs for the next step.",
    todo: "The mirror's page has the next step.",
    needs: [23, 131],
  },
  find(view, { nowMs }) {
    return every(view, "run").flatMap(([key, run]) => {
      const of = repairOfRun(run);
      if (!of || !isLeftOpen(view, run) || openDisconnect(view, of.ask)?.id !== run.id) return [];
      const sinceMs = run.endedAtMs ?? run.startedAtMs;
      const { ask } = of;
      const isLong = nowMs - sinceMs > NEXT_STEP_MS;
      const mirror = keyOf.mirror(ask.resource, ask.volume);
      return [
        {
          id: `repair-open:${nameOf(ask)}:${ask.from}+${ask.to}`,
          level: isLong ? ("risk" as const) : ("busy" as const),
          title: `${nameOf(ask)} was disconnected for a repair and is not connected again`,
          why: `${run.by} disconnected it on ${ask.to} ${formatDuration(nowMs - sinceMs)} ago. Until it is connected ${ask.from} alone holds what is written.`,
          todo: "The mirror's page has the next step of the repair: connect it again.",
          about: [mirror, key, keyOf.node(ask.to)],
          sinceMs,
        },
      ];
    });
  },
});
