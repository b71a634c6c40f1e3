// SPDX-License-Identifier: Apache-2.0
import type { AlertsNow } from "@/server/metrics/alerts";
import type { Book } from "./book";
import type { ReceiverState } from "./post";
import type { KeptAlert, Receiver } from "./state";

/** What alerts come to now, for whoever counts. A cluster of which nothing is told has its zeros: it is followed. */
export function figuresOf(
  clusters: readonly string[],
  book: Pick<Book, "openOf">,
  receivers: ReadonlyMap<string, Receiver>,
  states: ReadonlyMap<string, ReceiverState>,
): AlertsNow {
  return {
    clusters: clusters.map((cluster) => {
      const open = book.openOf(cluster);
      const counted = (fits: (alert: KeptAlert) => boolean) => open.filter(fits).length;
      return {
        cluster,
        severities: {
          critical: counted(({ severity }) => severity === "critical"),
          warning: counted(({ severity }) => severity === "warning"),
        },
        quiet: {
          acknowledgement: counted(({ acknowledged, held }) => acknowledged !== null && held === null),
          silence: counted(({ held }) => held?.by === "silence"),
          maintenance: counted(({ held }) => held?.by === "maintenance"),
        },
      };
    }),
    receivers: [...receivers.values()].flatMap(({ id, name }) => {
      const state = states.get(id);
      if (!state) return [];
      const { waiting, oldestAtMs, failing, counts } = state;
      return [{ name, waiting, oldestAtMs, isFailing: failing !== null, ...counts }];
    }),
  };
}
