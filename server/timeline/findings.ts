// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf, type View } from "@/agent/protocol/console/view";
import type { NewEvent } from "@/server/cluster/facts";
import { formatDuration } from "@/server/cluster/words";
import { subjectOfAll } from "./subject";

/** A finding that stands, and what was told when it was raised; without a title nothing was told yet. */
export interface RaisedFinding {
  sinceMs: number;
  title: string | null;
  subject: string | null;
  node: string | null;
}

/**
 * How a finding went: everybody who could say was heard and it is not so any more, or nobody was heard for so long that it is
 * not kept, or its rule was switched off, or the agent that told of it is trusted no more.
 */
export type FindingEnd = "over" | "forgotten" | "unwatched" | "untrusted";

const BY = "found by the console";

export function raisedFrom({ about, title, sinceMs, settlesAtMs }: EntityOf<"finding">): RaisedFinding {
  if (settlesAtMs !== undefined) return { sinceMs, title: null, subject: null, node: null };
  return { sinceMs, title, ...subjectOfAll(about) };
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

/** Null: nothing was told of it, so its end would say nothing. */
export function tellEnded(id: string, raised: RaisedFinding, end: FindingEnd, view: View, nowMs: number): NewEvent | null {
  const { sinceMs, title, subject, node } = raised;
  if (title === null) return null;
  const lasted = formatDuration(nowMs - sinceMs);
  const of = { atMs: nowMs, node, source: null, subject: subject ?? "cluster", by: BY, what: "finding" as const, ref: `finding:${id}` };
  const now = id.startsWith("service-") && subject !== null ? view.get(keyOf.resource(subject)) : undefined;
  if (end === "over" && now?.kind === "resource" && now.said.level !== "ok") {
    // One that is held, on its way or in other trouble now may well be as it was; no more is known than what is said of it.
    const why = [`${subject} is ${now.said.word} now.`, now.said.why ?? "", `It was told for ${lasted}.`]
      .filter((text) => text !== "")
      .join(" ");
    return { ...of, text: `No longer told: ${title}`, level: now.said.level, why };
  }
  if (end === "over") return { ...of, text: `Over: ${title}`, level: "ok", why: `It held for ${lasted}.` };
  if (end === "unwatched")
    return {
      ...of,
      text: `No longer looked for: ${title}`,
      level: "held",
      why: "Its rule was switched off: whether it still is so is not looked at.",
    };
  if (end === "untrusted")
    return {
      ...of,
      text: `No longer known: ${title}`,
      level: "unknown",
      why: "The trust in the agent that told of it was ended: nobody says any more whether it still is so.",
    };
  return { ...of, text: `No longer known: ${title}`, level: "unknown", why: "Nobody was heard who could say whether it still is so." };
}
