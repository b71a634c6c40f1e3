// SPDX-License-Identifier: Apache-2.0
import { SOURCE_WORDS } from "@/agent/protocol/console/source-words";
import { asSentence, joinWords } from "@/server/cluster/words";
import { defineRule, every } from "./define";

/** A node that was added and never heard, or that only the cluster names: nothing of it can be called good. */
export const nodeUnheard = defineRule({
  name: "node-unheard",
  doc: {
    area: "sight",
    title: "A node has no agent",
    means: "The cluster names it, or it was added, and nothing was ever read there.",
    levels: ["unknown"],
    fires: "No agent has ever connected from it.",
    not: "One that was heard once and is silent now.",
    todo: "Enrol and start quarterdeck-agent there.",
    needs: [133],
  },
  find(view) {
    const enrolled = new Set(every(view, "source").map(([, source]) => source.node));
    return every(view, "node").flatMap(([key, { name, link }]) => {
      if (link !== "never") return [];
      const isStranger = !enrolled.has(name);
      return [
        {
          id: `node-unheard:${name}`,
          level: "unknown" as const,
          title: isStranger ? `${name} has no agent` : `${name} was never heard`,
          why: isStranger
            ? "The cluster names it, but this console reads nothing there."
            : "It was added, but no agent has connected from it yet.",
          todo: `Enrol and start quarterdeck-agent on ${name}.`,
          about: [key],
        },
      ];
    });
  },
});

/** Sources of a node that is heard, of which nothing came yet. The kernel log speaks when it has something to say. */
export const nodeUnread = defineRule({
  name: "node-unread",
  doc: {
    area: "sight",
    title: "Not everything was read yet",
    means: "Of a node that is heard, some sources gave nothing yet.",
    levels: ["unknown"],
    fires: "A source is still pending on a live link.",
    not: "The kernel log, which speaks when it has something to say.",
    todo: "Wait; a source that cannot be read is told by itself.",
    needs: [133],
  },
  find(view) {
    const live = new Set(every(view, "node").flatMap(([, node]) => (node.link === "live" ? [node.name] : [])));
    const pending = new Map<string, { key: string; thing: string }[]>();
    for (const [key, { node, source, status }] of every(view, "source")) {
      if (status !== "pending" || source === "kernelLog" || !live.has(node)) continue;
      pending.set(node, [...(pending.get(node) ?? []), { key, thing: SOURCE_WORDS[source].thing }]);
    }
    return [...pending].map(([node, missing]) => ({
      id: `node-unread:${node}`,
      level: "unknown" as const,
      title: `Not everything on ${node} was read yet`,
      headline: `not everything on ${node} was read yet`,
      why: asSentence(`Nothing came yet of ${joinWords(missing.map(({ thing }) => thing))}`),
      todo: null,
      about: [`node:${node}`, ...missing.map(({ key }) => key)],
    }));
  },
});
