// SPDX-License-Identifier: Apache-2.0
import { SOURCE_WORDS } from "@/agent/protocol/console/source-words";
import { type EntityOf, keyOf, type View } from "@/agent/protocol/console/view";
import type { SourceName } from "@/agent/protocol/sources";
import { formatDuration, joinWords } from "@/server/cluster/words";
import { clusterOf, every } from "@/server/findings/define";
import { defineGuard, type Found, type GuardContext } from "../define";
import { CANNOT_TELL, isFence, isOut, isStanding, members, type Node } from "../look";

/** What every decision stands on. */
const NEEDED: readonly SourceName[] = ["pacemaker", "drbd"];

/** Nothing is decided upon facts that are old, missing or not asked. Of what is to be fenced, silence is itself a sign. */
export const factsAreFresh = defineGuard({
  name: "facts-are-fresh",
  number: "0.1",
  check(context) {
    const { view, touched } = context;
    const found: Found[] = [];
    const missing: { name: string; gap: Gap }[] = [];
    for (const node of members(view)) {
      const { name } = node;
      // A node that is known to run nothing takes nothing; its copies of mirrors are judged by who hears them.
      if (name !== touched.from && name !== touched.to && isOut(node)) continue;
      const gap = gapOf(context, node);
      if (gap === null) continue;
      if (!(isFence(context) && name === touched.from)) missing.push({ name, gap });
      else {
        const message = `Not known how ${name} is: ${gap.says} What is written there and nowhere else is lost with it.`;
        found.push({ level: "type", message, about: [keyOf.node(name), ...gap.about] });
      }
    }
    // Many at once have one cause: they are counted.
    const told = missing.length > MOST_TOLD ? missing.slice(0, MOST_TOLD - 1) : missing;
    for (const { name, gap } of told) {
      found.push({ level: "block", message: `${CANNOT_TELL}${gap.says} ${gap.todo}`, about: [keyOf.node(name), ...gap.about] });
    }
    if (missing.length > told.length) {
      const message = `${CANNOT_TELL}the same is so of ${missing.length - told.length} other nodes. Look at the console's own network first.`;
      found.push({ level: "block", message, about: missing.slice(told.length).map(({ name }) => keyOf.node(name)) });
    }
    return found;
  },
});

/** So many nodes are told of by themselves. */
const MOST_TOLD = 4;

/** What tells who uses a node that goes: where it serves something, that is read now. */
function servedBy({ view, touched, verb }: GuardContext, node: string): SourceName[] {
  // What only holds a node still, or looks again, takes nothing from its clients.
  if (node !== touched.from || verb.endsWith(".maintenance-on") || verb === "resource.cleanup") return [];
  const served: SourceName[] = [];
  if (every(view, "target").some(([, { from }]) => from.node === node)) served.push("iscsi");
  if (every(view, "export").some(([, { from }]) => from.node === node)) served.push("aoe");
  return served;
}

interface Gap {
  says: string;
  todo: string;
  about: string[];
}

const standingGaps = new WeakMap<View, Map<string, Gap | null>>();

/** What is missing of a node. A standing verdict asks it of every node for every other one: kept per view, for it tells no ages. */
function gapOf(context: GuardContext, node: Node): Gap | null {
  const more = servedBy(context, node.name);
  if (!isStanding(context) || more.length > 0) return lookForGap(context, node, more);
  const gaps = standingGaps.get(context.view) ?? new Map<string, Gap | null>();
  standingGaps.set(context.view, gaps);
  const known = gaps.get(node.name);
  if (known !== undefined) return known;
  const gap = lookForGap(context, node, []);
  gaps.set(node.name, gap);
  return gap;
}

function lookForGap(context: GuardContext, node: Node, more: readonly SourceName[]): Gap | null {
  const { view } = context;
  const { name, link } = node;
  if (link === "never") {
    const isStranger = node.agentVersion === null && !view.has(keyOf.source(name, "pacemaker"));
    const says = isStranger ? `${name} has no agent here.` : `nothing was ever heard from ${name}.`;
    return { says, todo: `Enrol ${name}, and start its agent.`, about: [] };
  }
  if (link !== "live") return { says: `no word from ${name}${since(context, node.linkSinceMs)}.`, todo: "Look at its agent.", about: [] };
  const bad = [...NEEDED, ...more].flatMap((source) => {
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
      ? `${CANNOT_TELL}no node's Pacemaker can be read now. Look at the nodes themselves.`
      : "No node here runs Pacemaker: there is nothing that would carry this out.";
    return [{ level: "block", message, about: [keyOf.cluster] }];
  },
});
