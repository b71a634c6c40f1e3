// SPDX-License-Identifier: Apache-2.0
import { keyOf, type View } from "@/agent/protocol/console/view";
import type { StepPreview } from "@/agent/protocol/steps";
import { plainId } from "@/server/cluster/services";

/**
 * How long the simulated operations took when they were last done, added up as if one came after the other, and as if all
 * resources went side by side: the truth lies between. Null where an operation was never measured.
 * Source: Pacemaker's own operation history, as the view has it.
 */
export function durationOf(view: View, preview: readonly StepPreview[]): { least: number; most: number } | null {
  const operations = preview[0]?.operations.filter(({ operation }) => MEASURED.has(operation)) ?? [];
  if (operations.length === 0) return null;
  const byResource = new Map<string, number>();
  for (const { resource, operation, node } of operations) {
    const tookMs = lastTook(view, resource, operation, node);
    if (tookMs === null) return null;
    byResource.set(resource, (byResource.get(resource) ?? 0) + tookMs);
  }
  const each = [...byResource.values()];
  return { least: Math.max(...each), most: each.reduce((sum, ms) => sum + ms, 0) };
}

const MEASURED: ReadonlySet<string> = new Set(["start", "stop", "promote", "demote"]);

/** On this node, else the longest on another. */
function lastTook(view: View, resource: string, task: string, node: string): number | null {
  const entity = view.get(keyOf.resource(plainId(resource)));
  if (entity?.kind !== "resource") return null;
  const same = (entity.timings ?? []).filter((timing) => timing.task === task);
  const here = same.find((timing) => timing.node === node);
  if (here) return here.tookMs;
  return same.length === 0 ? null : Math.max(...same.map(({ tookMs }) => tookMs));
}
