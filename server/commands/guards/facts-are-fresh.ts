// SPDX-License-Identifier: Apache-2.0
import { SOURCE_WORDS } from "@/agent/protocol/console/source-words";
import { type EntityOf, keyOf } from "@/agent/protocol/console/view";
import type { SourceName } from "@/agent/protocol/sources";
import { formatDuration, joinWords } from "@/server/cluster/words";
import { clusterOf, every } from "@/server/findings/define";
import { defineGuard, type Found, type GuardContext } from "../define";
import { isDown, isFence, isStanding, members, type Node } from "./look";

/** What every decision stands on. */
const NEEDED: readonly SourceName[] = ["pacemaker", "drbd"];

/** Nothing is decided upon facts that are old, missing or not asked. Of what is to be fenced, silence is itself a sign. */
export const factsAreFresh = defineGuard({
  name: "facts-are-fresh",
  number: "0.1",
  check(context) {
    const { view, touched } = context;
    return members(view).flatMap((node): Found[] => {
      const isConcerned = node.name === touched.from || node.name === touched.to;
      // A node that is known to be down takes nothing and says nothing.
      if (!isConcerned && isDown(node)) return [];
      const missing = gapOf(context, node);
      if (missing === null) return [];
      const isTarget = isFence(context) && node.name === touched.from;
      const says = isTarget
        ? `Not known how ${node.name} is: ${missing.says} What is written there and nowhere else is lost with it.`
        : `I can't tell whether this is safe: ${missing.says} ${missing.todo}`;
      return [{ level: isTarget ? "type" : "block", message: says, about: [keyOf.node(node.name), ...missing.about] }];
    });
  },
});

interface Gap {
  says: string;
  todo: string;
  about: string[];
}

function gapOf(context: GuardContext, node: Node): Gap | null {
  const { view } = context;
  const { name, link } = node;
  if (link === "never") {
    const isStranger = node.agentVersion === null && !view.has(keyOf.source(name, "pacemaker"));
    const says = isStranger ? `${name} has no agent here.` : `nothing was ever heard from ${name}.`;
    return { says, todo: `Enrol ${name}, and start its agent.`, about: [] };
  }
  if (link !== "live") return { says: `no word from ${name}${since(context, node.linkSinceMs)}.`, todo: "Look at its agent.", about: [] };
  const bad = NEEDED.flatMap((source) => {
    const key = keyOf.source(name, source);
    const read = view.get(key);
    const says = read?.kind === "source" ? staleWord(context, read) : `${SOURCE_WORDS[source].thing} on ${name} is not read`;
    return says === null ? [] : [{ key, says }];
  });
  if (bad.length === 0) return null;
  return { says: `${joinWords(bad.map(({ says }) => says))}.`, todo: `Look at ${name} itself.`, about: bad.map(({ key }) => key) };
}

/** What is wrong with one reading, in words; null when it may be believed. Not there is an answer. */
function staleWord(context: GuardContext, { source, node, status, freshness, okAtMs, unread }: EntityOf<"source">): string | null {
  const { thing } = SOURCE_WORDS[source];
  if (freshness !== "live" || status === "pending") return `${thing} on ${node} was not read${since(context, okAtMs)}`;
  if (status === "failed") return `${thing} on ${node} could not be read${since(context, okAtMs)}`;
  return source === "drbd" && status === "ok" && unread.length > 0 ? `part of ${thing} on ${node} could not be read` : null;
}

function since(context: GuardContext, atMs: number | null): string {
  return atMs === null || isStanding(context) ? "" : ` for ${formatDuration(context.nowMs - atMs)}`;
}

/** A client that is silent may use what is being moved. */
export const clientsAreHeard = defineGuard({
  name: "clients-are-heard",
  number: "0.1",
  check({ view, touched }) {
    const serves = [...every(view, "target"), ...every(view, "export")].some(([, { from }]) => from.node === touched.from);
    if (!serves) return [];
    const silent = every(view, "node").flatMap(([key, node]) =>
      node.role === "client" && node.link !== "live" ? [[key, node.name] as const] : [],
    );
    if (silent.length === 0) return [];
    const names = joinWords(silent.map(([, name]) => name));
    const message = `No word from ${names}: not known whether it still has a disk here. Look at it, or at the target's own list.`;
    return [{ level: "warn", message, about: silent.map(([key]) => key) }];
  },
});

/** A recording is read, never acted upon. */
export const clusterIsLive = defineGuard({
  name: "cluster-is-live",
  number: "0.1",
  check({ view }) {
    const cluster = clusterOf(view);
    if (!cluster?.recorded) return [];
    return [{ level: "block", message: "This is a recording: there is no cluster here to act upon.", about: [keyOf.cluster] }];
  },
});

/** The services can be asked of Pacemaker: it runs somewhere, and its word may be believed. */
export const pacemakerAnswers = defineGuard({
  name: "pacemaker-answers",
  number: "0.1",
  check(context) {
    const { view } = context;
    const pacemaker = clusterOf(view)?.pacemaker;
    if (pacemaker && pacemaker.quorum.level !== "old") return [];
    const message = pacemaker
      ? "I can't tell whether this is safe: no node's Pacemaker can be read now. Look at the nodes themselves."
      : "No node here runs Pacemaker: there is nothing that would carry this out.";
    return [{ level: "block", message, about: [keyOf.cluster] }];
  },
});
