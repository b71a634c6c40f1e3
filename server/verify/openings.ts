// SPDX-License-Identifier: Apache-2.0
import type { View } from "@/agent/protocol/console/view";
import type { KeptSchedule, Opening, QueuedVerify, Told } from "@/server/db/verify-queue";
import { every } from "@/server/findings/define";
import type { Due } from "./due";
import { mirrorLabel, parseMirrorName } from "./mirror-name";
import type { Window } from "./windows";

/** A mirror by name. */
export interface MirrorId {
  resource: string;
  volume: number;
}

/** The mirrors a schedule asks for: those it names, or all of the cluster. */
export function mirrorsOf({ wanted }: KeptSchedule, view: View): MirrorId[] {
  // A mirror's name of its own is in its key: two may have the same.
  const names = wanted.mirrors.length > 0 ? wanted.mirrors : every(view, "mirror").map(([key]) => key.slice("mirror:".length));
  return names.flatMap((name) => parseMirrorName(name) ?? []);
}

/** What an opening changes: the schedule, what it queues, and which mirrors it leaves out, each with the reason. */
export interface Opened {
  schedule: KeptSchedule;
  queued: QueuedVerify[];
  left: { mirror: MirrorId; why: string }[];
}

/** Deals with what is due of a schedule. Pure. */
export function openedBy(
  schedule: KeptSchedule,
  due: Due,
  around: { view: View; nowMs: number; newId: () => string; isQueued: (mirror: MirrorId) => boolean },
): Opened {
  const { view, nowMs } = around;
  const missedBefore = (due.missed?.count ?? 0) - (due.open ? 0 : 1);
  if (due.open === null) {
    const last = due.missed ? opening(due.missed.last, { missed: missedBefore, isMissed: true, told: [] }) : schedule.last;
    return { schedule: { ...schedule, handledMs: nowMs, last }, queued: [], left: [] };
  }
  const queued: QueuedVerify[] = [];
  const left: Opened["left"] = [];
  const told: Told[] = [];
  for (const mirror of mirrorsOf(schedule, view)) {
    if (around.isQueued(mirror)) {
      const why = "it was in the queue already, or being verified.";
      left.push({ mirror, why });
      told.push({ mirror: mirrorLabel(mirror), word: "skipped", why });
      continue;
    }
    queued.push(asked(schedule, mirror, due.open, around));
    told.push({ mirror: mirrorLabel(mirror), word: "waits", why: null });
  }
  const last = opening(due.open, { missed: missedBefore, isMissed: false, told });
  return { schedule: { ...schedule, handledMs: nowMs, last }, queued, left };
}

function opening({ opensAtMs, closesAtMs }: Window, words: Omit<Opening, keyof Window>): Opening {
  return { opensAtMs, closesAtMs, ...words };
}

function asked(
  schedule: KeptSchedule,
  mirror: MirrorId,
  window: Window,
  { nowMs, newId }: { nowMs: number; newId: () => string },
): QueuedVerify {
  const { id, ownerId, owner, wanted } = schedule;
  return {
    id: newId(),
    cluster: wanted.cluster,
    ...mirror,
    ownerId,
    owner,
    schedule: id,
    askedAtMs: nowMs,
    begunAtMs: null,
    run: null,
    accept: wanted.accept,
    window,
    isStoppedAtEnd: wanted.isStoppedAtEnd,
    isStopAsked: false,
  };
}
