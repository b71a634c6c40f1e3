// SPDX-License-Identifier: Apache-2.0
import type { EventPayload } from "@/agent/protocol/console/timeline";
import { counted, formatDuration } from "@/server/cluster/words";
import { defineRule, every, mirrorName, type ViewSoFar } from "./define";

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
    not: "One loss and one return, as a reboot makes them; a connection that somebody ended by hand (StandAlone).",
    todo: "Compare the DRBD versions and settings of both nodes, then their network: errors, MTU, a firewall.",
    needs: [3, 134],
  },
  find(view, { nowMs }) {
    const losses = lossesByMirror(view, nowMs);
    return every(view, "mirror").flatMap(([key, mirror]) => {
      const times = losses.get(placeOf(mirror)) ?? [];
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

/** Both ends tell of one loss, a moment apart; what belongs to one StandAlone is told within this. */
const TOGETHER_MS = 10_000;

type Line = Extract<EventPayload, { kind: "mirrorLine" }>;

/** Names a mirror among what events tell of. */
const placeOf = ({ resource, volume }: Pick<Line, "resource" | "volume">) => `${resource}/${volume}`;

/** When each mirror lost its connection, by the end that tells of most losses. A side that stands alone let go on purpose, or for good: no flapping. */
function lossesByMirror(view: ViewSoFar, nowMs: number): ReadonlyMap<string, readonly number[]> {
  const recent = every(view, "event").flatMap(([, { payload, node, atMs }]) =>
    payload?.kind === "mirrorLine" && atMs <= nowMs && nowMs - atMs < WITHIN_MS
      ? [{ place: placeOf(payload), line: payload.line, node, atMs }]
      : [],
  );
  const alone = recent.filter(({ line }) => line === "standAlone");
  const byEnd = new Map<string, Map<string, number[]>>();
  for (const { place, node, line, atMs } of recent) {
    if (line !== "lost") continue;
    if (alone.some((one) => one.place === place && Math.abs(one.atMs - atMs) < TOGETHER_MS)) continue;
    const ends = byEnd.get(place) ?? new Map<string, number[]>();
    ends.set(node ?? "", [...(ends.get(node ?? "") ?? []), atMs]);
    byEnd.set(place, ends);
  }
  return new Map(
    [...byEnd].map(([place, ends]) => [place, [...ends.values()].reduce((most, one) => (one.length > most.length ? one : most))]),
  );
}
