// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import type { VerifyOverview, VerifyQueueing, VerifyState } from "@/agent/protocol/console/verify";
import { keyOf, type View } from "@/agent/protocol/console/view";
import { audited } from "@/server/audit/audited";
import type { AuditJournal } from "@/server/audit/journal";
import { type Refusal, refusal } from "@/server/auth/refusal";
import type { QueuedVerify } from "@/server/db/verify-queue";
import type { Book } from "./book";
import type { Keeper } from "./keeper";
import { mirrorLabel } from "./mirror-name";
import type { Person } from "./schedules";

export interface QueueDeps {
  book: Book;
  keeper: Keeper;
  journal: Pick<AuditJournal, "append">;
  viewOf: (slug: string) => View | null;
  clusters: () => readonly string[];
  now: () => number;
}

type Queued = NonNullable<VerifyState["queued"]>;
const MOST = 1_000;

const TWICE = (isNew: boolean) => (isNew ? null : "Somebody else put it into the queue just now.");
const BEGAN = (isOut: boolean) => (isOut ? null : "It began just now, or is gone: stop it at the mirror.");

/** What people put into the queue and take out of it. Every change is in the audit. */
export function createQueue({ book, keeper, journal, viewOf, clusters, now }: QueueDeps) {
  const placed = (one: QueuedVerify): Queued => {
    const turn = keeper.turnOf(one);
    return { id: one.id, place: turn?.place ?? 1, says: turn?.says ?? "Waits for its turn." };
  };
  const changeOf = (one: QueuedVerify, verb: string, title: string) => ({
    cluster: one.cluster,
    ask: { verb, args: { id: one.id, resource: one.resource, volume: one.volume, accept: one.accept } },
    title,
    about: [keyOf.mirror(one.resource, one.volume)],
    accepted: one.accept,
  });

  return {
    /** Those that wait, in the order in which they are looked at. */
    list: (): VerifyOverview["queue"] =>
      book
        .queued()
        .filter(({ begunAtMs }) => begunAtMs === null)
        .map((one) => ({ one, turn: placed(one) }))
        .sort((a, b) => (a.one.cluster === b.one.cluster ? a.turn.place - b.turn.place : a.one.cluster < b.one.cluster ? -1 : 1))
        .map(({ one: { id, cluster, resource, volume, owner, schedule, askedAtMs }, turn }) => {
          return { id, cluster, resource, volume, by: owner, schedule, askedAtMs, says: turn.says };
        }),
    /** The one of a mirror that waits; null when none does. */
    of(cluster: string, resource: string, volume: number): Queued | null {
      const one = book.queuedOf(cluster, resource, volume);
      return one && one.begunAtMs === null ? placed(one) : null;
    },
    async add({ cluster, resource, volume, accept }: VerifyQueueing, by: Person): Promise<Queued | Refusal> {
      const view = clusters().includes(cluster) ? viewOf(cluster) : null;
      if (!view) return refusal("CLUSTER_UNKNOWN", `There is no cluster ${cluster} that could be verified.`);
      if (!view.has(keyOf.mirror(resource, volume))) return refusal("MIRROR_UNKNOWN", `${cluster} has no mirror ${resource}/${volume}.`);
      const there = book.queuedOf(cluster, resource, volume);
      const name = mirrorLabel({ resource, volume });
      if (there?.begunAtMs === null) return refusal("QUEUE_TWICE", `${name} is in the queue already, asked for by ${there.owner}.`);
      if (there) return refusal("QUEUE_TWICE", `The verify of ${name} that ${there.owner} asked for is under way.`);
      if (book.queued().length >= MOST) return refusal("QUEUE_FULL", `${MOST} verifies are in the queue, as many as this console keeps.`);
      const one: QueuedVerify = {
        id: randomUUID(),
        cluster,
        resource,
        volume,
        ownerId: by.userId,
        owner: by.user,
        schedule: null,
        askedAtMs: now(),
        begunAtMs: null,
        run: null,
        accept,
        window: null,
        isStoppedAtEnd: false,
        isStopAsked: false,
      };
      const isNew = await audited(journal, by, changeOf(one, "verify.queue", `Queue the verify of ${name}`), () => book.add(one), TWICE);
      if (!isNew) return refusal("QUEUE_TWICE", TWICE(false) ?? "");
      const answer = placed(one);
      void keeper.tick();
      return answer;
    },
    /** Takes one out that waits. One that has begun is stopped, not taken out. */
    async remove(id: string, by: Person): Promise<{ ok: true } | Refusal> {
      const one = book.queuedById(id);
      if (!one) return refusal("QUEUE_UNKNOWN", "Nothing of this id is in the queue.");
      const name = mirrorLabel(one);
      if (one.begunAtMs !== null) return refusal("QUEUE_UNKNOWN", `The verify of ${name} has begun: stop it at the mirror.`);
      const title = `Take ${name} out of the queue`;
      const isOut = await audited(
        journal,
        by,
        changeOf(one, "verify.unqueue", title),
        () => book.remove(id, ({ begunAtMs }) => begunAtMs === null),
        BEGAN,
      );
      if (!isOut) return refusal("QUEUE_UNKNOWN", BEGAN(false) ?? "");
      await keeper.leave(one, `Not started: ${by.user} took it out of the queue.`);
      return { ok: true };
    },
  };
}
