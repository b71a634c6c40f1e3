// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { Matcher } from "@/agent/protocol/console/alerts";
import type { Outcome } from "@/agent/protocol/console/runs";
import type { Level } from "@/agent/protocol/console/view";
import { decode, decodeJson } from "@/agent/protocol/decode";
import { BODIES } from "@/server/audit/bodies";
import type { AuditEntry } from "@/server/audit/chain";
import type { NewEvent } from "@/server/cluster/facts";
import { subjectOfAll } from "./subject";

const OUTCOMES: Readonly<Record<Outcome, { level: Level; word: string }>> = {
  done: { level: "ok", word: "done" },
  alreadySo: { level: "ok", word: "was so already" },
  refused: { level: "risk", word: "refused" },
  failed: { level: "bad", word: "failed" },
  unsettled: { level: "risk", word: "not settled" },
  unknown: { level: "unknown", word: "how it ended is not known" },
  interrupted: { level: "risk", word: "interrupted" },
};

/**
 * What an entry of the audit chain tells on the timeline: that somebody asked for something, and how it ended. `first` is the entry
 * that began the same record. Null: nothing (a step, a note, which stands there by itself, or what this version cannot read).
 * An acknowledgement and a silence stand there with who and why.
 */
export function tellCommand(entry: AuditEntry, first: AuditEntry): NewEvent | null {
  const begun = decodeJson(first.kind === "refused" ? BODIES.refused : BODIES.opened, first.body);
  if (!begun.ok || begun.value.ask.verb.startsWith("note.")) return null;
  const { title, about, by, token, reason } = begun.value;
  const isOfAlerts = begun.value.ask.verb.startsWith("alert.");
  const who = token === null ? by : `${by}, by token ${token}`;
  const of = { atMs: entry.atMs, source: null, ...subjectOfAll(about), by: who, what: "command" as const, ref: `run:${entry.runId}` };
  switch (entry.kind) {
    case "opened":
      // Made at once or not at all: one entry tells of it.
      if (isOfAlerts) return null;
      return { ...of, text: title, level: "busy", ...(reason !== null && { why: reason }) };
    case "refused": {
      const says = "says" in begun.value && typeof begun.value.says === "string" ? begun.value.says : null;
      return { ...of, text: `${title}: refused`, level: "risk", ...(says !== null && { why: says }) };
    }
    case "closed":
    case "resolved": {
      const end = decodeJson(BODIES.resolved, entry.body);
      if (!end.ok) return null;
      const { level, word } = OUTCOMES[end.value.outcome];
      if (isOfAlerts && end.value.outcome === "done") return { ...of, text: title, level: "held", ...(reason !== null && { why: reason }) };
      const text = entry.kind === "resolved" ? `${title}: learnt later: ${word}` : `${title}: ${word}`;
      return { ...of, text, level, why: end.value.says };
    }
    default:
      return null;
  }
}

const Silenced = z.object({ matchers: z.array(Matcher) });

/** The matchers of a silence that was made or ended; null: it is none. */
export function silencedBy(first: AuditEntry): readonly Matcher[] | null {
  const begun = decodeJson(BODIES.opened, first.body);
  if (!begun.ok || !begun.value.ask.verb.startsWith("alert.silence")) return null;
  const args = decode(Silenced, begun.value.ask.args);
  return args.ok ? args.value.matchers : null;
}
