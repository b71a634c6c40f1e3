// SPDX-License-Identifier: Apache-2.0
import type { Pacemaker } from "@/agent/protocol/model/pacemaker";
import type { ClusterFacts, Memory, NodeFacts } from "./facts";
import { nodeWords } from "./testimony";
import { byName } from "./words";

/** The node whose Pacemaker the timeline follows, and what it said last. */
export interface Witness {
  node: string;
  value: Pacemaker;
}

/**
 * Every node of a cluster tells of the same change; the timeline follows one of them. The choice stands on readings alone
 * (never on sockets or clocks; what it remembers is kept with them), so that the same frames give the same events whatever
 * restarts lie between: readable before unreadable, quorate before not, not called gone by another such side, the DC's own word,
 * then by name. Where two sides call each other gone, the one whose reading is newer by its own clock. What a node said before it
 * was gone is no testimony when the others have it back: not until it is read anew.
 */
export function witnessOf(facts: ClusterFacts): Witness | null {
  const memory = timelineMemory(facts);
  const everyone = [...facts.nodes.values()].flatMap((node) => candidateOf(node) ?? []);
  const heard = everyone.filter(({ node, readAtMs }) => memory[beforeGone(node)] !== readAtMs);
  const all = heard.length > 0 ? heard : everyone;
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

/** Which of the nodes' memories of the timeline is the newest: a count that only grows. */
const TURN = "turn";
const beforeGone = (node: string) => `beforeGone:${node}`;

/** What the timeline remembers: kept with the node whose frame it last came by, since only that node's facts are committed with it. */
export function timelineMemory(facts: ClusterFacts): Memory {
  let newest: Memory = {};
  for (const node of facts.nodes.values()) {
    const memory = node.sources.pacemaker?.memory;
    if (memory && (memory[TURN] ?? 0) > (newest[TURN] ?? 0)) newest = memory;
  }
  return newest;
}

/** What the timeline remembers from here on: `more`, whose turn it is, and the last readings of nodes that this witness calls gone. */
export function nextMemory(facts: ClusterFacts, { value }: Witness, more: Memory): Memory {
  const known = timelineMemory(facts);
  const gone = [...facts.nodes.values()].flatMap((node): [string, number][] => {
    const readAtMs = node.sources.pacemaker?.lastOk?.takenAtMs;
    const isOld = readAtMs !== undefined && (callsGone(value, node.node) || known[beforeGone(node.node)] === readAtMs);
    return isOld ? [[beforeGone(node.node), readAtMs]] : [];
  });
  const others = Object.entries(more).filter(([key]) => !key.startsWith(beforeGone("")));
  return { ...Object.fromEntries([...others, ...gone]), [TURN]: (known[TURN] ?? 0) + 1 };
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
