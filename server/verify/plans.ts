// SPDX-License-Identifier: Apache-2.0
import type { VerifyState } from "@/agent/protocol/console/verify";
import { keyOf, type View } from "@/agent/protocol/console/view";
import type { KeptSchedule } from "@/server/db/verify-queue";
import { firstDue, windowWords } from "./due";
import type { Planned } from "./memory";
import { mirrorsOf } from "./openings";

/** What is planned for each mirror of a cluster, by `keyOf.verify`; those of which nothing is are left out. */
export function plansOf(
  view: View,
  schedules: readonly KeptSchedule[],
  queuedOf: (resource: string, volume: number) => VerifyState["queued"],
): Map<string, Planned> {
  const plans = new Map<string, Planned>();
  for (const schedule of schedules) {
    const first = firstDue(schedule);
    if (first === null) continue;
    const next = {
      atMs: first.opensAtMs,
      schedule: schedule.id,
      says: `${windowWords(first, schedule.wanted.zone)}, for ${schedule.owner}`,
    };
    for (const { resource, volume } of mirrorsOf(schedule, view)) {
      const key = keyOf.verify(resource, volume);
      const known = plans.get(key)?.next ?? null;
      if (known === null || next.atMs < known.atMs) plans.set(key, { queued: null, next });
    }
  }
  for (const [key, entity] of view) {
    if (entity.kind !== "mirror") continue;
    const name = key.slice("mirror:".length, -`/${entity.volume}`.length);
    const queued = queuedOf(name, entity.volume);
    const verifyKey = keyOf.verify(name, entity.volume);
    if (queued) plans.set(verifyKey, { next: plans.get(verifyKey)?.next ?? null, queued });
  }
  return plans;
}
