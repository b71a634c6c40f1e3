// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf, type Level } from "@/agent/protocol/console/view";
import type { ViewSoFar } from "./define";

/**
 * Told no more. Only `over` is good news: it is not so any more. `meant`: a person wants it so now; `partOf`: another finding tells it;
 * `unwatched`: nobody looks; `untrusted`: who told of it is trusted no more.
 */
export interface Ended {
  is: "ended";
  end: "over" | "meant" | "partOf" | "unwatched" | "untrusted";
  /** How good or bad it is that it ended so. */
  level: Level;
  /** Why, as a sentence. */
  says: string;
}

/** How a finding that is not found any more stands: it ended, is still so though no rule tells it now, or nobody can say. */
export type Standing = Ended | { is: "stillSo" } | { is: "notKnown" };

export const OVER: Standing = { is: "ended", end: "over", level: "ok", says: "It is no longer found." };
export const STILL_SO: Standing = { is: "stillSo" };
export const NOT_KNOWN: Standing = { is: "notKnown" };

/** Where an alert is told that is no longer told by itself. */
export const partOf = (title: string) => `It is part of another alert now: ${title}.`;

export function meant(says: string, level: Level): Standing {
  return { is: "ended", end: "meant", level, says };
}

/** A finding that stands now, by its id. */
export function findingIn(view: ViewSoFar, id: string): EntityOf<"finding"> | null {
  const finding = view.get(keyOf.finding(id));
  return finding?.kind === "finding" ? finding : null;
}

/** What a finding is about, by its id: "ring-down:0" is about "0". */
export function aboutOf(id: string): string {
  return id.slice(id.indexOf(":") + 1);
}

/** A finding's id begins with the name of its rule. */
export function ruleOf(id: string): string {
  return id.split(":", 1)[0] ?? id;
}
