// SPDX-License-Identifier: Apache-2.0
import type { EntityOf, Freshness } from "@/agent/protocol/console/view";

/**
 * How a source's values stand on the page:
 * fresh; not read yet; not on this node; there but unreadable and never read; or old, with the reason where one is known.
 */
export type Standing =
  | { is: "fresh" }
  | { is: "pending" }
  | { is: "absent" }
  | { is: "failed"; reason: string }
  /** `sinceMs`: when the values shown were read; null when that is not known. */
  | { is: "old"; sinceMs: number | null; reason: string | null; wasAbsent: boolean };

/** Whether a value speaks for its moment: now, or that of a recording. What did not speak then is old there too. */
export function isHeard(freshness: Freshness | undefined): boolean {
  return freshness === "live" || freshness === "recorded";
}

type Source = EntityOf<"source">;

/** Freshness and outcome are the server's verdict; this only says which of the five ways to show it. */
export function standingOf(source: Source | undefined): Standing {
  if (!source || source.status === "pending") return { is: "pending" };
  if (source.status === "failed") {
    const reason = source.error?.message ?? "the reason is not known";
    if (source.okAtMs === null) return { is: "failed", reason };
    return { is: "old", sinceMs: source.okAtMs, reason, wasAbsent: false };
  }
  if (!isHeard(source.freshness))
    return { is: "old", sinceMs: source.okAtMs ?? source.takenAtMs, reason: null, wasAbsent: source.status === "absent" };
  return source.status === "absent" ? { is: "absent" } : { is: "fresh" };
}
