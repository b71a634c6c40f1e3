// SPDX-License-Identifier: Apache-2.0
import type { AgentList } from "@/agent/protocol/console/api";
import type { Worded } from "@/components/ui/StateWord";

/** An agent's link in a word. */
export const LINKS: Record<AgentList["agents"][number]["link"], Worded> = {
  live: { level: "ok", word: "heard" },
  stale: { level: "old", word: "late" },
  lost: { level: "old", word: "silent" },
  recorded: { level: "absent", word: "recorded" },
  never: { level: "unknown", word: "never heard" },
};
