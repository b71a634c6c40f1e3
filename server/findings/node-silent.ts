// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import { formatDuration, joinWords } from "@/server/cluster/words";
import { defineRule, every } from "./define";

/** Nodes that fell silent within this much of each other share one cause. */
const TOGETHER_MS = 2_000;

/** An agent is silent. What the cluster itself calls gone is another rule's. */
export const nodeSilent = defineRule({
  name: "node-silent",
  doc: {
    area: "sight",
    title: "An agent is silent",
    means: "Nothing of the node is known now. Two at once are told as one, for a lost line is likelier.",
    levels: ["old"],
    fires: "The link is stale (3 s) or lost (10 s), and the cluster does not call the node gone.",
    not: "A node that the cluster calls gone, and one never heard.",
    todo: "See whether it answers, and whether quarterdeck-agent runs.",
    needs: [100, 133],
  },
  find(view) {
    const silent = every(view, "node")
      .filter(([, node]) => (node.link === "stale" || node.link === "lost") && node.state.level !== "bad")
      .sort(([, x], [, y]) => (x.lastWordAtMs ?? 0) - (y.lastWordAtMs ?? 0));
    const groups: [string, EntityOf<"node">][][] = [];
    for (const one of silent) {
      const last = groups.at(-1);
      const first = last?.[0]?.[1].lastWordAtMs;
      if (last && typeof first === "number" && (one[1].lastWordAtMs ?? 0) - first <= TOGETHER_MS) last.push(one);
      else groups.push([one]);
    }
    return groups.flatMap((group) => (group.length > 1 ? [together(group)] : group.map(alone)));
  },
});

function together(group: [string, EntityOf<"node">][]) {
  const names = group.map(([, node]) => node.name).sort();
  const [[, first] = []] = group;
  const last = group.at(-1)?.[1];
  const apart = (last?.lastWordAtMs ?? 0) - (first?.lastWordAtMs ?? 0);
  const who = names.length === 2 ? "Both agents" : `All ${names.length} agents`;
  const within = apart === 0 ? "at once" : `within ${formatDuration(Math.max(1_000, Math.ceil(apart / 1000) * 1000))} of each other`;
  const dead = names.length === 2 ? "two dead nodes" : `${names.length} dead nodes`;
  return {
    id: `node-silent:${names.join("+")}`,
    level: "old" as const,
    title: `No word from ${joinWords(names)}`,
    headline: `no word from ${joinWords(names)}`,
    why: `${who} went silent ${within}: a lost line is likelier than ${dead}.`,
    todo: "Look at the line between this console and the site first.",
    about: group.map(([key]) => key),
    ...(first && first.lastWordAtMs !== null ? { sinceMs: first.lastWordAtMs } : {}),
  };
}

function alone([key, node]: [string, EntityOf<"node">]) {
  return {
    id: `node-silent:${node.name}`,
    level: "old" as const,
    title: `No word from ${node.name}`,
    headline: `no word from ${node.name}`,
    why: node.state.why ?? "What is shown of it is old.",
    todo: `See whether ${node.name} answers, and whether quarterdeck-agent runs there.`,
    about: [key],
    ...(node.lastWordAtMs === null ? {} : { sinceMs: node.lastWordAtMs }),
  };
}
