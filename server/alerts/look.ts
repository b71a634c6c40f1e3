// SPDX-License-Identifier: Apache-2.0
import type { AlertsDeps } from "./alerts-deps";
import type { Book } from "./book";
import { drop, type Judged, judge } from "./judge";
import { LISTED_MS } from "./kept";
import type { Message } from "./outbox";
import { pacesOf } from "./paces";
import type { Rules } from "./state";

interface LookDeps extends Pick<AlertsDeps, "records" | "clusters" | "clusterOf" | "unwatched" | "viewOf" | "onMoved" | "log" | "timing"> {
  now: () => number;
  newId: () => string;
  book: Book;
  rules: () => Rules;
  /** Messages that are in the database, to be sent. */
  onMessages: (messages: readonly Message[]) => void;
}

/** Looks at the clusters that moved and at those of which an alert lasts: what is found becomes alerts and messages, written together. */
export function createLook(deps: LookDeps) {
  const { records, book, now, newId, log } = deps;
  const paces = pacesOf(deps.timing);
  const moved = new Set<string>();
  deps.onMoved((slug) => moved.add(slug));
  touchAll();

  function touchAll(): void {
    for (const slug of deps.clusters()) moved.add(slug);
  }

  async function lookAt(slug: string): Promise<void> {
    const cluster = deps.clusterOf(slug);
    const view = deps.viewOf(slug);
    const isThere = cluster !== null && view !== null && deps.clusters().includes(slug);
    const about = {
      cluster: cluster ?? { slug, title: slug, environment: null },
      agents: new Set(cluster?.nodes.keys()),
      unwatched: (rule: string) => deps.unwatched(slug, rule),
      known: book.of(slug),
      rules: deps.rules(),
      paces,
      nowMs: now(),
      newId,
    };
    await keep(slug, isThere ? judge({ ...about, view }) : drop(about));
  }

  /** In memory only what is in the database: what could not be written is judged again. */
  async function keep(slug: string, { alerts, changed, messages }: Judged): Promise<void> {
    const nowMs = now();
    if (changed.length > 0 || messages.length > 0) {
      const fresh = messages.map((message) => ({ ...message, id: newId(), atMs: nowMs }));
      deps.onMessages(await records.commit(changed, fresh));
    }
    book.put(slug, alerts, nowMs - LISTED_MS);
  }

  return {
    /** Who is told, or when, is another matter now: every cluster is looked at. */
    touchAll,
    async atAll(): Promise<void> {
      const due = new Set([...moved, ...book.troubled()]);
      moved.clear();
      for (const slug of due) {
        try {
          await lookAt(slug);
        } catch (cause) {
          moved.add(slug);
          log.error(`${slug}: alerts could not be written; they are judged again`, cause);
        }
      }
    },
  };
}
