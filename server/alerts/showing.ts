// SPDX-License-Identifier: Apache-2.0
import type { AlertsDeps } from "./alerts-deps";
import type { Book } from "./book";
import type { Failing } from "./outbox";

interface ShowingDeps extends Pick<AlertsDeps, "clusters" | "show"> {
  book: Book;
  failing: () => readonly Failing[];
  /** What a receiver is called. */
  nameOf: (id: string) => string;
}

/** Tells pages of the alerts of their findings, and whom alerts do not reach; a cluster's only where that moved. */
export function createShowing({ clusters, show, book, failing, nameOf }: ShowingDeps): () => void {
  const shown = new Map<string, string>();
  return () => {
    const failingNow = failing();
    for (const slug of clusters()) {
      const of = new Map(book.openOf(slug).map(({ finding, id, acknowledged, held }) => [finding, { id, acknowledged, held }]));
      const unsent = failingNow.flatMap(({ clusters: concerned, ...one }) =>
        concerned.includes(slug) ? [{ ...one, name: nameOf(one.receiver) }] : [],
      );
      const text = JSON.stringify([[...of], unsent]);
      if (shown.get(slug) === text || (!shown.has(slug) && of.size === 0 && unsent.length === 0)) continue;
      shown.set(slug, text);
      show(slug, { of, unsent });
    }
  };
}
