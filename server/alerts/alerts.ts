// SPDX-License-Identifier: Apache-2.0
import type { AlertList, SentList } from "@/agent/protocol/console/alerts";
import { createAcknowledging } from "./acknowledging";
import type { AlertsDeps } from "./alerts-deps";
import { createBook } from "./book";
import { createDesk } from "./desk";
import { figuresOf } from "./figures";
import { KEPT_MS, LISTED_MS } from "./kept";
import { alertList, sentList } from "./lists";
import { createLook } from "./look";
import { createPost } from "./post";
import { createShowing } from "./showing";

const SENT_LISTED = 200;

/**
 * What is found becomes alerts, and alerts become messages: looked at once a second, written together, sent one after another to each
 * receiver. What is to be told is in the database before anybody is told.
 */
export async function createAlerts(deps: AlertsDeps) {
  const { records, log, now } = deps;
  const kept = await records.load(now() - LISTED_MS);
  for (const what of kept.unread) log.warn(`kept by another version and not read: ${what}`);
  let turn: Promise<unknown> = Promise.resolve();
  let isOver = false;

  /** One at a time: what is judged is what was kept before. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  }

  const book = createBook(kept.alerts);
  const desk = createDesk({ ...deps, kept, inTurn, onChanged: () => look.touchAll(), onTaken: (id, atMs) => out.taken(id, atMs) });
  const out = createPost({ ...deps, messages: kept.messages, receivers: desk.receivers.all });
  const look = createLook({ ...deps, book, rules: desk.rules, onMessages: out.add });
  const publish = createShowing({ ...deps, book, failing: out.failing, nameOf: desk.nameOf });

  return {
    desk,
    ...createAcknowledging({ ...deps, inTurn, book, onChanged: publish }),
    /** To be called once a pulse. */
    async tick(): Promise<void> {
      if (isOver) return;
      await inTurn(look.atAll);
      publish();
      out.pump();
    },
    list: (): AlertList => ({ atMs: now(), alerts: alertList(book.all(), out.missed(), desk.nameOf) }),
    /** What was sent, and what waits: from the database, which has all of it. */
    sent: async (): Promise<SentList> => ({ atMs: now(), sent: sentList(await records.sent(SENT_LISTED), desk.nameOf) }),
    receivers: () => desk.receivers.list(out.states()),
    /** For whoever counts. */
    figures: () => figuresOf(deps.clusters(), book, desk.receivers.all, out.states()),
    /** Removes what is over for long. */
    async forget(): Promise<void> {
      const beforeMs = now() - KEPT_MS;
      desk.silences.forget(now() - LISTED_MS);
      out.forget(now() - LISTED_MS);
      await records.forget(beforeMs);
    },
    /** Nothing is judged any more; resolves when what is being written is, and what is being sent was given its time. */
    async end(): Promise<void> {
      isOver = true;
      await turn;
      await out.end();
    },
  };
}
export type Alerts = Awaited<ReturnType<typeof createAlerts>>;
