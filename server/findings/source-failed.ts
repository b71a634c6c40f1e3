// SPDX-License-Identifier: Apache-2.0

import { whatHappened } from "@/agent/protocol/console/reason";
import { SOURCE_WORDS } from "@/agent/protocol/console/source-words";
import type { EntityOf } from "@/agent/protocol/console/view";
import { asSentence } from "@/server/cluster/words";
import { defineRule, every } from "./define";

/** A source is there but cannot be read, or is overdue on a live line. A silent node's sources are that node's finding. */
export const sourceFailed = defineRule({
  name: "source-failed",
  find(view) {
    const live = new Set(every(view, "node").flatMap(([, node]) => (node.link === "live" ? [node.name] : [])));
    return every(view, "source").flatMap(([key, source]) => {
      const isLate = source.freshness === "stale" && source.status !== "failed";
      if (!live.has(source.node) || (source.status !== "failed" && !isLate)) return [];
      const { thing } = SOURCE_WORDS[source.source];
      const name = `${thing} on ${source.node}`;
      const title = isLate ? `${name} was not read in time` : `${name} cannot be read`;
      return [
        {
          id: `source-failed:${source.node}/${source.source}`,
          level: "unknown" as const,
          // A name with its own capitals keeps them: iSCSI.
          title: /^[a-z][A-Z]/.test(title) ? title : `${title[0]?.toUpperCase() ?? ""}${title.slice(1)}`,
          headline: title,
          why: `${asSentence(whatHappened(source.error?.message ?? "The agent answers, but this reading is overdue"))} What is shown of it is old.`,
          todo: todoOf(source),
          about: [key],
        },
      ];
    });
  },
});

function todoOf({ error, node, how }: EntityOf<"source">): string {
  switch (error?.code) {
    case "COLLECT_FORBIDDEN":
      return `Let the agent's user on ${node} read ${how}.`;
    case "COLLECT_TIMEOUT":
    case undefined:
      return `Look for a hanging process on ${node}: what reads ${how} does not come back.`;
    case "COLLECT_PARSE":
      return `Read ${how} on ${node} by hand: it says something that this console does not understand.`;
    case "COLLECT_TOO_LARGE":
    case "COLLECT_READ":
      return `Read ${how} on ${node} by hand.`;
  }
}
