// SPDX-License-Identifier: Apache-2.0
import type { Pacemaker, PacemakerNode } from "@/agent/protocol/model/pacemaker";
import type { Timing } from "@/agent/protocol/timing";
import type { ClusterFacts } from "./facts";
import { type Standing, standingOf } from "./freshness";
import { byName, joinWords } from "./words";

/** What one node's Pacemaker says of the whole cluster, and how far that may be believed. */
export interface Testimony {
  node: string;
  value: Pacemaker;
  standing: Standing;
}

/** The testimony that is shown, and the current ones that see the cluster otherwise. */
export interface Hearing {
  /** Null: no node's Pacemaker was ever read well. */
  shown: Testimony | null;
  dissent: Testimony[];
}

/** What Pacemaker says of a node, in one word. `pending` first: a rejoining node flashes standby, and is online for Corosync. */
export function nodeWord(node: PacemakerNode): string {
  if (!node.online) return node.unclean ? "unclean" : "offline";
  if (node.pending) return "pending";
  if (node.unclean) return "unclean";
  if (node.shutdown) return "shutting down";
  if (node.standby) return "standby";
  if (node.maintenance) return "maintenance";
  return "online";
}

const wordsOf = new WeakMap<Pacemaker, ReadonlyMap<string, string>>();

/** Every node's word in one testimony. */
export function nodeWords(value: Pacemaker): ReadonlyMap<string, string> {
  const known = wordsOf.get(value);
  if (known) return known;
  const words = new Map(value.nodes.map((node) => [node.name, nodeWord(node)]));
  wordsOf.set(value, words);
  return words;
}

/**
 * Chooses whose word is shown: a current one before an old one, then the quorate side, then the DC's own,
 * then by name, so that the choice does not wander while nothing happens.
 */
export function hear(facts: ClusterFacts, nowMs: number, timing: Timing): Hearing {
  const all: Testimony[] = [];
  for (const node of facts.nodes.values()) {
    const value = node.sources.pacemaker?.lastOk?.value;
    if (value && value.nodes.length > 0) all.push({ node: node.node, value, standing: standingOf(node, "pacemaker", nowMs, timing) });
  }
  all.sort((x, y) => rank(x) - rank(y) || byName(x.node, y.node));
  const [shown] = all;
  if (!shown) return { shown: null, dissent: [] };
  return { shown, dissent: all.filter((other) => other !== shown && other.standing.isCurrent && differs(shown.value, other.value)) };
}

function rank({ node, value, standing }: Testimony): number {
  return (standing.isCurrent ? 0 : 10) + (value.quorate === true ? 0 : value.quorate === null ? 2 : 4) + (value.dc === node ? 0 : 1);
}

/** Two sides of a partition: quorum, or who is there, seen otherwise. Services in motion alone are no second opinion. */
function differs(shown: Pacemaker, other: Pacemaker): boolean {
  if (shown.quorate !== other.quorate) return true;
  const words = nodeWords(shown);
  for (const [name, word] of nodeWords(other)) if (isGone(word) !== isGone(words.get(name) ?? word)) return true;
  return false;
}

function isGone(word: string): boolean {
  return word === "offline" || word === "unclean";
}

/** How a dissenting side sees it, as a sentence without its node. */
export function dissentSentence(shown: Testimony, other: Testimony): string {
  const parts: string[] = [];
  if (other.value.quorate === false && shown.value.quorate !== false) parts.push("has no quorum");
  if (other.value.quorate === true && shown.value.quorate !== true) parts.push("says it has quorum");
  const words = nodeWords(shown.value);
  const byWord = new Map<string, string[]>();
  for (const [name, word] of nodeWords(other.value)) {
    if (word !== words.get(name)) byWord.set(word, [...(byWord.get(word) ?? []), name]);
  }
  for (const [word, names] of byWord) parts.push(`sees ${joinWords(names)} ${word}`);
  return parts.length === 0 ? "sees it otherwise" : joinWords(parts);
}
