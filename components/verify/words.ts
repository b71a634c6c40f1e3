// SPDX-License-Identifier: Apache-2.0
import type { VerifyResult, VerifySummary } from "@/agent/protocol/console/verify";
import { formatBytes, formatDuration, formatPercent } from "@/components/ui/format";
import type { Shape } from "@/components/ui/Icon";

/** The ends of a verify: shape, colour and the word that stands for it in a list. Only "clean" proves anything. */
export const RESULTS: Readonly<Record<VerifyResult, { shape: Shape; ink: string; word: string }>> = {
  clean: { shape: "ok", ink: "d2", word: "clean" },
  differs: { shape: "differs", ink: "risk", word: "differs" },
  aborted: { shape: "cut", ink: "risk", word: "aborted" },
  refused: { shape: "stop", ink: "d2", word: "refused" },
  unknown: { shape: "unknown", ink: "d2", word: "not known" },
};

/** "differs in 12 KiB", "aborted at 41 %": a run that ended, in a phrase. One that goes on says how far it is known to be. */
export function sayResult({ result, percent, differsBytes }: Pick<VerifySummary, "result" | "percent" | "differsBytes">): string {
  switch (result) {
    case null:
      return percent === null ? "running" : `running, ${formatPercent(percent, 0)}`;
    case "differs":
      return differsBytes === null ? "differs" : `differs in ${formatBytes(differsBytes)}`;
    case "aborted":
      return percent === null ? "aborted" : `aborted at ${formatPercent(percent, 0)}`;
    default:
      return RESULTS[result].word;
  }
}

/** How long a run took; null while it runs. */
export function sayTook({ startedAtMs, endedAtMs }: Pick<VerifySummary, "startedAtMs" | "endedAtMs">): string | null {
  return endedAtMs === null ? null : formatDuration(endedAtMs - startedAtMs);
}

/** "anna", "schedule of anna", "on the node": who asked for a run. */
export function sayBy({ cause, by }: Pick<VerifySummary, "cause" | "by">): string {
  switch (cause) {
    case "person":
      return by ?? "a person whose name was not kept";
    case "schedule":
      return by === null ? "schedule" : `schedule of ${by}`;
    case "node":
      return "on the node, past the console";
  }
}

const DAY_MS = 86_400_000;

/** An age as a proof is counted in: "69 d", "5 h", "14 min". Units: ms. */
export function sayAge(ageMs: number): string {
  const ms = Math.max(0, ageMs);
  if (ms >= DAY_MS) return `${Math.floor(ms / DAY_MS)}\u00a0d`;
  if (ms >= 3_600_000) return `${Math.floor(ms / 3_600_000)}\u00a0h`;
  return ms >= 60_000 ? `${Math.floor(ms / 60_000)}\u00a0min` : `${Math.floor(ms / 1_000)}\u00a0s`;
}

export function isOverdue(cleanAtMs: number | null, limitDays: number, nowMs: number): boolean {
  return cleanAtMs !== null && nowMs - cleanAtMs > limitDays * DAY_MS;
}
