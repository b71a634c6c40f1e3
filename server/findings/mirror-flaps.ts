// SPDX-License-Identifier: Apache-2.0
import { counted, formatDuration } from "@/server/cluster/words";
import { defineRule, every, mirrorName } from "./define";

const WITHIN_MS = 600_000;
/** Once is a cable, twice is a reboot. */
const TIMES = 3;

/** A mirror that connects and loses the line again: the last state alone shows nothing of it. */
export const mirrorFlaps = defineRule({
  name: "mirror-flaps",
  doc: {
    area: "mirrors",
    title: "A mirror's connection flaps",
    means: "It connects and is lost again: each time what was written meanwhile has to be copied.",
    levels: ["risk"],
    fires: "The connection was lost 3 times or more within 10 minutes, by the events that are in the view (the newest 60 of the cluster).",
    not: "One loss and one return, as a reboot makes them.",
    todo: "Compare the DRBD versions and settings of both nodes, then their network: errors, MTU, a firewall.",
    needs: [3, 134],
  },
  find(view, { nowMs }) {
    const losses = new Map<string, number[]>();
    for (const [, { source, subject, text, atMs }] of every(view, "event")) {
      const isLoss = source === "drbd" && (/: connection to .+ lost/.test(text) || text.includes("is StandAlone, the connection"));
      if (isLoss && atMs <= nowMs && nowMs - atMs < WITHIN_MS) losses.set(subject, [...(losses.get(subject) ?? []), atMs]);
    }
    return every(view, "mirror").flatMap(([key, mirror]) => {
      const times = losses.get(mirrorName(mirror)) ?? losses.get(`${mirror.resource}/${mirror.volume}`) ?? [];
      if (times.length < TIMES) return [];
      const firstMs = Math.min(...times);
      return [
        {
          id: `mirror-flaps:${mirrorName(mirror)}`,
          level: "risk" as const,
          title: `${mirrorName(mirror)} lost its connection ${counted(times.length, "time")} in ${formatDuration(WITHIN_MS)}`,
          why: `It is ${mirror.said.word} now. A protocol error or a wrong setting shows like this too: both sides try again for ever.`,
          todo: "Compare DRBD's version and settings on both nodes, and look for errors on the line between them.",
          about: [key],
          sinceMs: firstMs,
        },
      ];
    });
  },
});
