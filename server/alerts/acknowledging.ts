// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import { type Refusal, refusal } from "@/server/auth/refusal";
import type { Asker } from "@/server/commands/previews";
import type { AlertsDeps } from "./alerts-deps";
import { recorded } from "./audit";
import type { Book } from "./book";
import type { DeskDeps, Done } from "./desk-deps";
import type { KeptAlert } from "./state";

interface AcknowledgingDeps extends Pick<AlertsDeps, "records" | "journal" | "viewOf" | "now">, Pick<DeskDeps, "inTurn"> {
  book: Book;
  /** What pages say of alerts has moved. */
  onChanged: () => void;
}

interface Change {
  verb: string;
  title: string;
  reason: string | null;
  after: KeptAlert;
}

/** Somebody is at an alert, or no more. */
export function createAcknowledging({ records, journal, viewOf, now, inTurn, book, onChanged }: AcknowledgingDeps) {
  function change(id: string, by: Asker, says: (alert: KeptAlert) => Change | Refusal): Promise<Done> {
    return inTurn(async () => {
      const alert = book.open(id);
      if (!alert) return refusal("ALERT_UNKNOWN", "There is no such alert, or it is over.");
      const told = says(alert);
      if ("code" in told) return told;
      const { verb, title, reason, after } = told;
      const found = viewOf(alert.cluster)?.get(keyOf.finding(alert.finding));
      const about = found?.kind === "finding" ? found.about : [];
      const of = { cluster: alert.cluster, verb, title, args: { finding: alert.finding }, about, reason };
      await recorded(journal, by, of, () => records.commit([after], []));
      book.replace(after);
      onChanged();
      return { ok: true };
    });
  }

  return {
    acknowledge: (id: string, note: string, by: Asker) =>
      change(id, by, (alert) => ({
        verb: "alert.acknowledge",
        title: `Acknowledge "${alert.title}"`,
        reason: note === "" ? null : note,
        after: { ...alert, acknowledged: { by: by.user, atMs: now(), note } },
      })),
    takeBack: (id: string, by: Asker) =>
      change(id, by, (alert) =>
        alert.acknowledged === null
          ? refusal("ALERT_UNKNOWN", "Nobody has acknowledged it.")
          : {
              verb: "alert.unacknowledge",
              title: `Take back the acknowledgement of "${alert.title}"`,
              reason: null,
              after: { ...alert, acknowledged: null },
            },
      ),
  };
}
