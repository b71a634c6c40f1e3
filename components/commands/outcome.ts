// SPDX-License-Identifier: Apache-2.0
import type { Outcome } from "@/agent/protocol/console/runs";
import type { Shape } from "@/components/ui/Icon";

/** Each end of a command: its own shape, its word, and what the word means. */
export const OUTCOMES: Readonly<Record<Outcome, { shape: Shape; word: string; means: string }>> = {
  done: { shape: "ok", word: "done", means: "seen in the cluster" },
  alreadySo: { shape: "absent", word: "already so", means: "nothing was run" },
  refused: { shape: "stop", word: "refused", means: "nothing was written" },
  failed: { shape: "bad", word: "failed", means: "a tool or the cluster said no half-way" },
  unsettled: { shape: "risk", word: "not settled", means: "time over, the cluster is elsewhere" },
  unknown: { shape: "unknown", word: "unknown", means: "the link was lost; it may have happened" },
  interrupted: { shape: "cut", word: "interrupted", means: "the console itself died" },
};

export const OUTCOME_NAMES = ["done", "alreadySo", "refused", "failed", "unsettled", "unknown", "interrupted"] as const;
