// SPDX-License-Identifier: Apache-2.0

import { whatHappened } from "@/agent/protocol/console/reason";
import { SOURCE_WORDS } from "@/agent/protocol/console/source-words";
import type { EntityOf } from "@/agent/protocol/console/view";
import { asSentence, joinWords } from "@/server/cluster/words";
import { defineRule, every } from "./define";

type Source = EntityOf<"source">;
type Failing = { key: string; source: Source };

/** From so many on, sources of one node that fail alike have one cause: told once. */
const MANY = 3;

/** A source is there but cannot be read, or is overdue on a live line. A silent node's sources are that node's finding. */
export const sourceFailed = defineRule({
  name: "source-failed",
  doc: {
    area: "sight",
    title: "A source cannot be read, or is late",
    means: "The agent answers, and one of its readings is forbidden, broken, hanging or overdue.",
    levels: ["unknown"],
    fires: "A reading failed, or is older than twice its pace on a live link.",
    not: "Sources of a silent node, and what is not on the node at all.",
    todo: "Each failure says what to do: let the agent read it, find the process that hangs.",
    needs: [100, 133],
  },
  find(view) {
    const live = new Set(every(view, "node").flatMap(([, node]) => (node.link === "live" ? [node.name] : [])));
    const alike = new Map<string, Failing[]>();
    for (const [key, source] of every(view, "source")) {
      if (!live.has(source.node) || (source.status !== "failed" && source.freshness !== "stale")) continue;
      const how = `${source.node} ${source.status === "failed" ? (source.error?.code ?? "") : "late"}`;
      alike.set(how, [...(alike.get(how) ?? []), { key, source }]);
    }
    return [...alike.values()].flatMap((failing) => (failing.length < MANY ? failing.map(one) : [together(failing)]));
  },
});

function isLate(source: Source): boolean {
  return source.status !== "failed";
}

/** A name with its own capitals keeps them: iSCSI. */
function capital(title: string): string {
  return /^[a-z][A-Z]/.test(title) ? title : `${title[0]?.toUpperCase() ?? ""}${title.slice(1)}`;
}

function whyOf(source: Source): string {
  const why = asSentence(whatHappened(source.error?.message ?? "The agent answers, but this reading is overdue"));
  return source.okAtMs === null ? capital(why) : `${capital(why)} What is shown of it is old.`;
}

function one({ key, source }: Failing) {
  const name = `${SOURCE_WORDS[source.source].thing} on ${source.node}`;
  const headline = isLate(source) ? `${name} was not read in time` : `${name} cannot be read`;
  return {
    id: `source-failed:${source.node}/${source.source}`,
    level: "unknown" as const,
    title: capital(headline),
    headline,
    why: whyOf(source),
    todo: todoOf(source),
    about: [key],
  };
}

/** Several sources of one node that fail alike. */
function together(failing: readonly Failing[]) {
  const [first] = failing;
  const node = first?.source.node ?? "";
  const how = first && isLate(first.source) ? "were not read in time" : "cannot be read";
  const headline = `${failing.length} sources on ${node} ${how}`;
  const things = joinWords(failing.map(({ source }) => SOURCE_WORDS[source.source].thing));
  const hasOld = failing.some(({ source }) => source.okAtMs !== null);
  const why = whatHappened(first?.source.error?.message ?? "The agent answers, but these readings are overdue");
  return {
    id: `source-failed:${node}/${first ? (first.source.error?.code ?? "late") : ""}`,
    level: "unknown" as const,
    title: headline,
    why: `${capital(things)}: ${asSentence(why)}${hasOld ? " What is shown of them is old." : ""}`,
    todo: first ? todoOfMany(first.source) : null,
    about: [`node:${node}`, ...failing.map(({ key }) => key)],
  };
}

function todoOfMany({ error, node }: Source): string {
  if (error?.code === "COLLECT_FORBIDDEN")
    return `Run the agent on ${node} as root: quarterdeck-agent explain says what it may read there.`;
  return `Look at ${node} itself: the table of what is read there has the reason of each.`;
}

function todoOf({ error, node, how }: Source): string {
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
