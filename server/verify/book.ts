// SPDX-License-Identifier: Apache-2.0
import type { KeptSchedule, Opening, QueuedVerify, Told, VerifyQueueRecords } from "@/server/db/verify-queue";
import { mirrorLabel } from "./mirror-name";

/**
 * The queue and the schedules, in memory as they are in the database: written there first. Changes come one after the other, and
 * each starts from what the one before left: a person's and the keeper's own never undo each other.
 */
export async function openBook(records: VerifyQueueRecords) {
  const kept = await records.load();
  const queue = new Map(kept.queued.map((one) => [one.id, one]));
  const schedules = new Map(kept.schedules.map((one) => [one.id, one]));
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = last.then(work, work);
    last = done;
    return done;
  }
  async function keepSchedule(schedule: KeptSchedule): Promise<KeptSchedule> {
    await records.keepSchedule(schedule);
    schedules.set(schedule.id, schedule);
    return schedule;
  }
  const queuedOf = (cluster: string, resource: string, volume: number): QueuedVerify | null =>
    [...queue.values()].find((one) => one.cluster === cluster && one.resource === resource && one.volume === volume) ?? null;
  /** Changes a schedule as it is then; null when there is none, or `change` leaves it. */
  const changeSchedule = (id: string, change: (schedule: KeptSchedule) => KeptSchedule | null): Promise<KeptSchedule | null> =>
    inTurn(async () => {
      const known = schedules.get(id);
      const next = known ? change(known) : null;
      return next && keepSchedule(next);
    });

  return {
    /** Schedules that another version kept. */
    unread: kept.unread,
    queued: (): readonly QueuedVerify[] => [...queue.values()],
    queuedById: (id: string): QueuedVerify | null => queue.get(id) ?? null,
    /** The one of a mirror: there is one at the most. */
    queuedOf,
    /** False when its mirror is in it already. */
    add: (queued: QueuedVerify): Promise<boolean> =>
      inTurn(async () => {
        if (queuedOf(queued.cluster, queued.resource, queued.volume)) return false;
        await records.keep(queued);
        queue.set(queued.id, queued);
        return true;
      }),
    /** Changes one as it is then; null when it is gone, or `change` leaves it. */
    change: (id: string, change: (queued: QueuedVerify) => QueuedVerify | null): Promise<QueuedVerify | null> =>
      inTurn(async () => {
        const known = queue.get(id);
        const next = known ? change(known) : null;
        if (!next) return null;
        await records.keep(next);
        queue.set(id, next);
        return next;
      }),
    /** Takes one out, if it then is so. False when it is gone or otherwise. */
    remove: (id: string, isSo: (queued: QueuedVerify) => boolean = () => true): Promise<boolean> =>
      inTurn(async () => {
        const known = queue.get(id);
        if (!known || !isSo(known)) return false;
        await records.remove(id);
        return queue.delete(id);
      }),
    schedules: (): readonly KeptSchedule[] => [...schedules.values()],
    scheduleById: (id: string | null): KeptSchedule | null => (id === null ? null : (schedules.get(id) ?? null)),
    addSchedule: (schedule: KeptSchedule): Promise<KeptSchedule> => inTurn(() => keepSchedule(schedule)),
    changeSchedule,
    removeSchedule: (id: string): Promise<boolean> =>
      inTurn(async () => {
        await records.removeSchedule(id);
        return schedules.delete(id);
      }),
    /** Notes an opening and queues all that it asks for, or neither; null leaves both. */
    open: <O extends { schedule: KeptSchedule; queued: readonly QueuedVerify[] }>(
      id: string,
      open: (schedule: KeptSchedule) => O | null,
    ): Promise<O | null> =>
      inTurn(async () => {
        const known = schedules.get(id);
        const opened = known ? open(known) : null;
        if (!opened) return null;
        await records.open(opened.schedule, opened.queued);
        schedules.set(id, opened.schedule);
        for (const one of opened.queued) queue.set(one.id, one);
        return opened;
      }),
    /** Notes what became of a mirror at the opening that asked for it, while that is the last one. */
    async tell(of: QueuedVerify, word: Told["word"], why: string | null): Promise<void> {
      if (of.schedule === null) return;
      await changeSchedule(of.schedule, (schedule) => {
        if (schedule.last?.opensAtMs !== of.window?.opensAtMs || !schedule.last) return null;
        return { ...schedule, last: withTold(schedule.last, { mirror: mirrorLabel(of), word, why }) };
      });
    },
  };
}
export type Book = Awaited<ReturnType<typeof openBook>>;

function withTold(opening: Opening, told: Told): Opening {
  return { ...opening, told: [...opening.told.filter(({ mirror }) => mirror !== told.mirror), told] };
}
