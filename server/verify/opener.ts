// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import type { View } from "@/agent/protocol/console/view";
import { clockWords, dueOf, firstDue, windowWords } from "./due";
import { type KeeperDeps, type Leaving, notBegun, type Tries } from "./keeper-deps";
import { type MirrorId, mirrorsOf, openedBy } from "./openings";

/** Opens the windows of schedules that are due, and closes those that are over. */
export function createOpener(deps: KeeperDeps, tries: Tries, { leave }: Leaving, waitsSaid: (id: string) => string | null) {
  const { book, verifies, now } = deps;

  async function openOne(id: string, view: View): Promise<void> {
    const nowMs = now();
    const opened = await book.open(id, (schedule) => {
      const { wanted, handledMs } = schedule;
      if ((firstDue(schedule)?.opensAtMs ?? Number.POSITIVE_INFINITY) > nowMs) return null;
      const due = dueOf(wanted, handledMs, nowMs);
      const isQueued = (mirror: MirrorId) => book.queuedOf(wanted.cluster, mirror.resource, mirror.volume) !== null;
      return { ...openedBy(schedule, due, { view, nowMs, newId: randomUUID, isQueued }), missed: due.missed };
    });
    if (!opened) return;
    deps.onMoved();
    const { schedule, left, missed } = opened;
    const { cluster, zone, accept } = schedule.wanted;
    const record = (mirror: MirrorId, says: string, atMs: number) =>
      verifies.refused(notBegun({ ...mirror, cluster, owner: schedule.owner, schedule: id }, says, atMs), accept);
    if (missed) {
      const says = `Missed: the console did not run while the window of the schedule was open (${windowWords(missed.last, zone)}).`;
      for (const mirror of mirrorsOf(schedule, view)) await record(mirror, says, missed.last.closesAtMs);
    }
    for (const { mirror, why } of left) await record(mirror, `Not started by its schedule: ${why}`, nowMs);
  }

  return {
    async open(): Promise<void> {
      for (const { id, wanted } of book.schedules()) {
        const view = deps.viewOf(wanted.cluster);
        if (view) await openOne(id, view);
      }
    },
    /** Takes out what may not begin any more: its window closed, or its cluster is gone. */
    async close(): Promise<void> {
      const living = new Set(deps.clusters());
      for (const one of book.queued()) {
        if (!living.has(one.cluster)) {
          await book.remove(one.id);
          continue;
        }
        if (one.begunAtMs !== null || one.window === null || one.window.closesAtMs > now()) continue;
        const waited = tries.saysOf(one.id) ?? waitsSaid(one.id);
        const closed = clockWords(one.window.closesAtMs, book.scheduleById(one.schedule)?.wanted.zone ?? "UTC");
        const says = `Not started: its window closed at ${closed} before its turn came.`;
        await leave(one, waited === null ? says : `${says} At the end: ${waited}`);
      }
      for (const { id, wanted } of book.schedules()) if (!living.has(wanted.cluster)) await book.removeSchedule(id);
    },
  };
}
