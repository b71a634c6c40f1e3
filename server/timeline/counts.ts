// SPDX-License-Identifier: Apache-2.0
import type { EventTally, TimelineCounts } from "@/agent/protocol/console/timeline";

type Parts = Pick<TimelineCounts, "parts" | "gone">;

/**
 * Counts as a strip draws them: those of single entries by part, empty parts left out; those of entries that are gone by their
 * own hours or days, or by parts where those are longer, since nobody knows any more where in the hour they were.
 */
export function partsOf(
  { fromMs, toMs }: { fromMs: number; toMs: number },
  partMs: number,
  counts: readonly (EventTally & { part: number })[],
  gone: readonly (EventTally & { startMs: number; unitMs: number })[],
): Parts {
  const parts = new Map<number, EventTally[]>();
  for (const { part, ...tally } of counts) parts.set(part, [...(parts.get(part) ?? []), tally]);
  const blocks = new Map<string, { fromMs: number; toMs: number; counts: EventTally[] }>();
  for (const { startMs, unitMs, ...tally } of gone) {
    const isFine = partMs > unitMs;
    const from = isFine ? fromMs + Math.floor((startMs - fromMs) / partMs) * partMs : startMs;
    const block = { fromMs: Math.max(fromMs, from), toMs: Math.min(toMs, from + (isFine ? partMs : unitMs)) };
    const key = `${block.fromMs} ${block.toMs}`;
    blocks.set(key, { ...block, counts: added(blocks.get(key)?.counts ?? [], tally) });
  }
  return {
    parts: [...parts].sort(([a], [b]) => a - b).map(([part, tallies]) => ({ startMs: fromMs + part * partMs, counts: tallies })),
    gone: [...blocks.values()].sort((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs),
  };
}

function added(known: readonly EventTally[], one: EventTally): EventTally[] {
  const same = known.find(({ what, level }) => what === one.what && level === one.level);
  if (!same) return [...known, one];
  return known.map((tally) => (tally === same ? { ...tally, count: tally.count + one.count } : tally));
}
