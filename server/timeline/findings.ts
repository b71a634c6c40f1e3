// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import type { NewEvent } from "@/server/cluster/facts";
import { formatDuration } from "@/server/cluster/words";
import type { Ended } from "@/server/findings/standing";
import type { Witnesses } from "@/server/findings/witnesses";
import { subjectOfAll } from "./subject";

/** A finding that stands, and what was told when it was raised; without a title nothing was told yet. */
export interface RaisedFinding {
  sinceMs: number;
  title: string | null;
  subject: string | null;
  node: string | null;
  /** Whose word it is; null: kept by a version that did not keep it. */
  witnesses: Witnesses | null;
}

const BY = "found by the console";

export function raisedFrom({ about, title, sinceMs, settlesAtMs }: EntityOf<"finding">, witnesses: Witnesses): RaisedFinding {
  if (settlesAtMs !== undefined) return { sinceMs, title: null, subject: null, node: null, witnesses };
  return { sinceMs, title, ...subjectOfAll(about), witnesses };
}

export function tellRaised(id: string, finding: EntityOf<"finding">, raised: RaisedFinding, nowMs: number): NewEvent {
  return {
    atMs: nowMs,
    node: raised.node,
    source: null,
    subject: raised.subject ?? "cluster",
    text: finding.title,
    level: finding.level,
    by: BY,
    what: "finding",
    why: finding.why,
    ref: `finding:${id}`,
  };
}

/** Only what is not so any more is called over. */
const WORDS: Readonly<Record<Ended["end"], string>> = {
  over: "Over",
  meant: "Left so",
  partOf: "Told as another",
  unwatched: "No longer looked for",
  untrusted: "No longer known",
};

/** Null: nothing was told of it, so its end would say nothing. */
export function tellEnded(id: string, raised: RaisedFinding, { end, level, says }: Ended, nowMs: number): NewEvent | null {
  const { sinceMs, title, subject, node } = raised;
  if (title === null) return null;
  const lasted = formatDuration(nowMs - sinceMs);
  return {
    ...{ atMs: nowMs, node, source: null, subject: subject ?? "cluster", by: BY, what: "finding", ref: `finding:${id}` },
    text: `${WORDS[end]}: ${title}`,
    level,
    why: end === "over" ? `It held for ${lasted}.` : `${says} It was told for ${lasted}.`,
  };
}
