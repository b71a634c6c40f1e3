// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import type { VerifySchedule, VerifyScheduleChange } from "@/agent/protocol/console/verify";
import { keyOf, type View } from "@/agent/protocol/console/view";
import { audited } from "@/server/audit/audited";
import type { AuditJournal } from "@/server/audit/journal";
import { type Refusal, refusal } from "@/server/auth/refusal";
import { includesRole } from "@/server/auth/roles";
import { counted, joinWords } from "@/server/cluster/words";
import type { Asker } from "@/server/commands/previews";
import type { PeopleRecords } from "@/server/db/people";
import type { KeptSchedule, QueuedVerify } from "@/server/db/verify-queue";
import type { Book } from "./book";
import { openingSays } from "./due";
import { parseMirrorName } from "./mirror-name";
import { askerFor } from "./owner";
import { nextWindow, timesMisfit } from "./windows";

export interface SchedulesDeps {
  book: Book;
  people: Pick<PeopleRecords, "userById">;
  journal: Pick<AuditJournal, "append">;
  viewOf: (slug: string) => View | null;
  clusters: () => readonly string[];
  /** Records that one did not begin, and why. */
  leave: (queued: QueuedVerify, says: string) => Promise<void>;
  onMoved: () => void;
  now: () => number;
}

/** A person who asks, with their id. */
export type Person = Asker & { userId: string };

const MOST = 500;
/** Mirrors that a title names one by one. */
const NAMED = 3;

/** Schedules: seen by everybody, made by operators, changed by their owner or an admin. Every change is in the audit. */
export function createSchedules(deps: SchedulesDeps) {
  const { book, now } = deps;

  function misfit(wanted: VerifyScheduleChange): Refusal | null {
    const view = deps.clusters().includes(wanted.cluster) ? deps.viewOf(wanted.cluster) : null;
    if (!view) return refusal("CLUSTER_UNKNOWN", `There is no cluster ${wanted.cluster} that could be verified.`);
    for (const name of wanted.mirrors) {
      const id = parseMirrorName(name);
      if (!id || !view.has(keyOf.mirror(id.resource, id.volume)))
        return refusal("MIRROR_UNKNOWN", `${wanted.cluster} has no mirror ${name}: name it with its volume, "store/0".`);
    }
    const times = timesMisfit(wanted, now());
    return times === null ? null : refusal("SCHEDULE_TIMES", times);
  }

  async function change(
    by: Person,
    verb: string,
    title: string,
    { id, wanted }: Pick<KeptSchedule, "id" | "wanted">,
    make: () => Promise<unknown>,
  ): Promise<void> {
    const about = wanted.mirrors.slice(0, 20).map((name) => `mirror:${name}`);
    const args = { id, ...wanted };
    const told = { ask: { verb, args }, title, about: about.length > 0 ? about : [keyOf.cluster], accepted: wanted.accept };
    await audited(deps.journal, by, { cluster: wanted.cluster, ...told }, make);
    deps.onMoved();
  }

  /** What it asked for and did not begin goes with it. */
  async function takeOut(schedule: string, why: string): Promise<void> {
    const waiting = book.queued().filter((one) => one.schedule === schedule && one.begunAtMs === null);
    for (const one of waiting)
      if (await book.remove(one.id, ({ begunAtMs }) => begunAtMs === null)) await deps.leave(one, `Not started: ${why}`);
  }

  /** Why this person may not change it; null when they may. */
  function notTheirs(by: Person, schedule: KeptSchedule): Refusal | null {
    if (schedule.ownerId === by.userId || includesRole(by.role, "admin")) return null;
    return refusal("SCHEDULE_OWNER", `This schedule is ${schedule.owner}'s: only ${schedule.owner} or an admin changes it.`);
  }

  /** Whose it is after a change: an admin takes over what runs in the name of somebody who may not verify any more. */
  async function ownerAfter(by: Person, schedule: KeptSchedule): Promise<Pick<KeptSchedule, "ownerId" | "owner">> {
    const { ownerId, owner } = schedule;
    const isGone = "not" in (await askerFor(deps.people, schedule));
    return isGone ? { ownerId: by.userId, owner: by.user } : { ownerId, owner };
  }

  return {
    list: (): VerifySchedule[] => book.schedules().map((one) => shown(one, now())),
    async add(wanted: VerifyScheduleChange, by: Person): Promise<VerifySchedule | Refusal> {
      const no = misfit(wanted);
      if (no) return no;
      if (book.schedules().length >= MOST) {
        return refusal("SCHEDULE_TOO_MANY", `There are ${MOST} schedules, as many as this console keeps. Remove one first.`);
      }
      const atMs = now();
      // What opened before it was made was not asked for by it.
      const made = { id: randomUUID(), ownerId: by.userId, owner: by.user, createdAtMs: atMs, wanted, handledMs: atMs, last: null };
      await change(by, "verify.schedule", `Schedule the verify of ${whatOf(wanted)}`, made, () => book.addSchedule(made));
      return shown(made, atMs);
    },
    async change(id: string, wanted: VerifyScheduleChange, by: Person): Promise<VerifySchedule | Refusal> {
      const schedule = book.scheduleById(id);
      if (!schedule) return UNKNOWN;
      const no = notTheirs(by, schedule) ?? misfit(wanted);
      if (no) return no;
      const owner = await ownerAfter(by, schedule);
      const make = () => book.changeSchedule(id, (known) => ({ ...known, ...owner, wanted, handledMs: now() }));
      await change(by, "verify.schedule-change", `Change the schedule of ${whatOf(wanted)}`, { id, wanted }, make);
      if (wanted.isPaused) await takeOut(id, `${by.user} paused its schedule.`);
      const after = book.scheduleById(id);
      return after ? shown(after, now()) : UNKNOWN;
    },
    async remove(id: string, by: Person): Promise<{ ok: true } | Refusal> {
      const schedule = book.scheduleById(id);
      if (!schedule) return UNKNOWN;
      const no = notTheirs(by, schedule);
      if (no) return no;
      const title = `Remove the schedule of ${whatOf(schedule.wanted)}`;
      await change(by, "verify.schedule-remove", title, schedule, () => book.removeSchedule(id));
      await takeOut(id, `${by.user} removed its schedule.`);
      return { ok: true };
    },
  };
}

const UNKNOWN = refusal("SCHEDULE_UNKNOWN", "There is no such schedule.");

function whatOf({ mirrors, cluster }: VerifyScheduleChange): string {
  if (mirrors.length === 0) return `every mirror of ${cluster}`;
  if (mirrors.length <= NAMED) return joinWords(mirrors);
  return `${counted(mirrors.length, "mirror")} of ${cluster}`;
}

function shown({ id, owner, createdAtMs, wanted, last }: KeptSchedule, nowMs: number): VerifySchedule {
  return {
    ...wanted,
    id,
    owner,
    createdAtMs,
    next: wanted.isPaused ? null : nextWindow(wanted, nowMs),
    last: last && { atMs: last.opensAtMs, says: openingSays(last, wanted.zone) },
  };
}
