// SPDX-License-Identifier: Apache-2.0
import type { Pacemaker } from "@/agent/protocol/model/pacemaker";
import type { ClusterFacts, NodeFacts } from "./facts";
import { nodeWords } from "./testimony";
import { byName } from "./words";

/** The node whose Pacemaker the timeline follows, and what it said last. */
export interface Witness {
  node: string;
  value: Pacemaker;
}

/**
 * Every node of a cluster tells of the same change; the timeline follows one of them. The choice stands on readings alone
 * (never on sockets, clocks or a memory of its own), so that the same frames give the same events whatever restarts lie
 * between: readable before unreadable, quorate before not, not called gone by another such side, the DC's own word, then by
 * name. Where two sides call each other gone, the one whose reading is newer by its own clock.
 */
export function witnessOf(facts: ClusterFacts): Witness | null {
  const all = [...facts.nodes.values()].flatMap((node) => candidateOf(node) ?? []);
  all.sort((x, y) => rank(x) - rank(y) || byName(x.node, y.node));
  const [first] = all;
  if (!first) return null;
  const peers = all.filter((one) => rank(one) === rank(first));
  const accused = (one: Candidate) =>
    all.filter((other) => other.grade === first.grade && other !== one && callsGone(other.value, one.node));
  const standing = all.filter((one) => one.grade === first.grade && accused(one).length === 0);
  const [chosen] = standing;
  if (chosen) return chosen;
  // Everyone is called gone by someone: the newest reading is the likeliest to be alive.
  return [...peers].sort((x, y) => y.readAtMs - x.readAtMs || byName(x.node, y.node))[0] ?? first;
}

interface Candidate extends Witness {
  /** Readable and quorate: the lower the better. */
  grade: number;
  readAtMs: number;
}

function candidateOf(node: NodeFacts): Candidate | null {
  const facts = node.sources.pacemaker;
  const value = facts?.lastOk?.value;
  if (!facts?.lastOk || !value || value.nodes.length === 0) return null;
  const grade = (facts.reading.status === "ok" ? 0 : 10) + (value.quorate === true ? 0 : value.quorate === null ? 1 : 2);
  return { node: node.node, value, grade, readAtMs: facts.lastOk.takenAtMs };
}

function rank({ grade, value, node }: Candidate): number {
  return grade * 2 + (value.dc === node ? 0 : 1);
}

function callsGone(value: Pacemaker, node: string): boolean {
  const word = nodeWords(value).get(node);
  return word === "offline" || word === "unclean";
}

/** The two stand on different sides of a partition: each calls the other gone. */
export function areApart(x: Witness, y: Witness): boolean {
  return x.node !== y.node && callsGone(x.value, y.node) && callsGone(y.value, x.node);
}
