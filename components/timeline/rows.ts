// SPDX-License-Identifier: Apache-2.0
import type { EventTally, TimelineCounts } from "@/agent/protocol/console/timeline";
import { GROUPS, LEVEL_GROUPS, type LevelGroup } from "./shown";

/** The rows of the strip, from above: trouble first, then what people did, then what is calm. */
export const ROWS = ["bad", "risk", "unseen", "people", "calm"] as const;
export type RowName = (typeof ROWS)[number];
export const ROW_WORDS: Readonly<Record<RowName, string>> = {
  ...{ bad: GROUPS.bad.name, risk: GROUPS.risk.name, unseen: GROUPS.unseen.name },
  ...{ people: "people", calm: GROUPS.calm.name },
};

/** In which row an entry stands: what a person did, whatever came of it, stands with what people did. */
export function rowOf({ what, level }: Pick<EventTally, "what" | "level">): RowName {
  if (what === "command" || what === "note") return "people";
  const group: LevelGroup = LEVEL_GROUPS.find((name) => GROUPS[name].levels.includes(level)) ?? "calm";
  return group;
}

export interface StripBar {
  fromMs: number;
  toMs: number;
  row: RowName;
  count: number;
  /** Only the count is left of them. */
  isGone: boolean;
}

export function barsOf({ parts, gone, partMs }: TimelineCounts): StripBar[] {
  const blocks = [
    ...parts.map(({ startMs, counts }) => ({ fromMs: startMs, toMs: startMs + partMs, counts, isGone: false })),
    ...gone.map((block) => ({ ...block, isGone: true })),
  ];
  return blocks.flatMap(({ fromMs, toMs, counts, isGone }) => {
    const byRow = new Map<RowName, number>();
    for (const tally of counts) byRow.set(rowOf(tally), (byRow.get(rowOf(tally)) ?? 0) + tally.count);
    return [...byRow].map(([row, count]) => ({ fromMs, toMs, row, count, isGone }));
  });
}

/** How high a bar stands, 0 to 1: one entry is seen beside thousands. */
export function heightOf(count: number, most: number): number {
  return 0.25 + 0.75 * (most <= 1 ? 1 : Math.log(count) / Math.log(most));
}

/** How many in each row, of all bars or of those at a moment. */
export function totalsOf(bars: readonly StripBar[], atMs: number | null = null): ReadonlyMap<RowName, number> {
  const totals = new Map<RowName, number>();
  for (const { row, count, fromMs, toMs } of bars)
    if (atMs === null || (atMs >= fromMs && atMs < toMs)) totals.set(row, (totals.get(row) ?? 0) + count);
  return totals;
}
