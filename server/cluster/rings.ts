// SPDX-License-Identifier: Apache-2.0
import { type Entity, type EntityOf, keyOf, type Said } from "@/agent/protocol/console/view";
import type { Corosync, CorosyncLink } from "@/agent/protocol/model/corosync";
import type { Timing } from "@/agent/protocol/timing";
import type { ClusterFacts } from "./facts";
import { type Standing, standingOf } from "./freshness";
import { nameOf, type RingNames, ringNames } from "./ring-names";
import { cutOff, type Hearing, judgePair } from "./ring-pairs";
import { aged, rankOf, said, worst } from "./said";
import { byName, counted } from "./words";

type Ring = EntityOf<"ring">;
type Keyed = [string, EntityOf<"corosync"> | Ring][];

/** What one node's Corosync says, and how far it may be believed. */
interface Speaker {
  node: string;
  value: Corosync;
  standing: Standing;
}

/** Corosync node by node, and its rings as all of them see them together. */
export function corosyncEntities(facts: ClusterFacts, _: ReadonlyMap<string, Entity>, around: { nowMs: number; timing: Timing }): Keyed {
  const speakers: Speaker[] = [];
  for (const node of facts.nodes.values()) {
    const value = node.sources.corosync?.lastOk?.value;
    if (value) speakers.push({ node: node.node, value, standing: standingOf(node, "corosync", around.nowMs, around.timing) });
  }
  if (speakers.length === 0) return [];
  const names = ringNames(facts);
  const named = Object.fromEntries([...names].map(([id, name]) => [String(id), name]));
  const rings = [...new Set(speakers.flatMap(({ value }) => linksOf(value).map(({ link }) => link)))].sort((x, y) => x - y);
  const pairs = cutOff(rings.map((link) => pairsOn(link, speakers, names, facts)));
  return [
    ...speakers.map(({ node, value, standing }): Keyed[number] => [
      keyOf.corosync(node),
      { kind: "corosync", from: { node, source: "corosync" }, corosync: value, said: aged(judgeQuorum(value), standing), names: named },
    ]),
    ...rings.map((link, index): Keyed[number] => [keyOf.ring(link), ringEntity(link, pairs[index] ?? [], speakers)]),
  ];
}

function linksOf(value: Corosync): readonly CorosyncLink[] {
  return value.links ?? [];
}

function judgeQuorum({ isRunning, quorum }: Corosync): Said {
  if (!isRunning) return said("risk", "does not run", "Its tools are installed, but no Corosync answers them.");
  if (quorum === null || quorum.quorate === null) return said("unknown", "not said", "Whether its side has a quorum is not known.");
  return quorum.quorate ? said("ok", "quorate") : said("bad", "no quorum", "This side has no majority.");
}

/** Every two nodes of which one at least tells of the other on this ring. */
function pairsOn(link: number, speakers: readonly Speaker[], names: RingNames, facts: ClusterFacts): Ring["pairs"] {
  const told = new Map<string, Map<string, CorosyncLink>>();
  const met = new Map<string, [string, string]>();
  for (const { node, value } of speakers) {
    for (const one of linksOf(value)) {
      if (one.link !== link || one.peerId === null || one.peerId === value.localNodeId) continue;
      const peer = nameOf(names, one.peerId);
      if (peer === node) continue;
      told.set(node, (told.get(node) ?? new Map<string, CorosyncLink>()).set(peer, one));
      const pair: [string, string] = byName(node, peer) < 0 ? [node, peer] : [peer, node];
      met.set(pair.join(" "), pair);
    }
  }
  const hearing = (node: string, peer: string): Hearing => {
    const speaker = speakers.find((one) => one.node === node);
    const one = told.get(node)?.get(peer);
    const itself = facts.nodes.get(node);
    const isAbsent = itself?.sources.corosync?.reading.status === "absent";
    const isRead = speaker !== undefined || (itself?.reads?.includes("corosync") === true && !isAbsent);
    return {
      node,
      isRead,
      isCurrent: speaker?.standing.isCurrent === true,
      isRunning: speaker?.value.isRunning ?? null,
      isConnected: one?.isConnected ?? null,
      words: one ? one.words.join(" ") : null,
      why: speaker?.standing.why ?? null,
    };
  };
  return [...met.values()]
    .sort(([a, b], [c, d]) => byName(a, c) || byName(b, d))
    .map(([a, b]) => {
      const [ofA, ofB] = [hearing(a, b), hearing(b, a)];
      return { a, b, said: judgePair(ofA, ofB), aSays: ofA.words, bSays: ofB.words };
    });
}

function ringEntity(link: number, pairs: Ring["pairs"], speakers: readonly Speaker[]): Ring {
  const nodes = new Set(pairs.flatMap(({ a, b }) => [a, b]));
  for (const { node, value } of speakers) if (linksOf(value).some((one) => one.link === link)) nodes.add(node);
  const ends = [...nodes].sort(byName).map((node) => ringEnd(link, node, pairs, speakers));
  return { kind: "ring", link, said: judgeRing(pairs, ends), ends, pairs };
}

function judgeRing(pairs: Ring["pairs"], ends: Ring["ends"]): Said {
  const [only, more] = pairs;
  if (only && !more) return only.said;
  if (pairs.length === 0)
    return worst(
      ends.map((end) => end.said),
      said("unknown", "not said"),
    );
  const whole = worst(
    pairs.map((pair) => pair.said),
    said("unknown", "not said"),
  );
  const count = pairs.filter((pair) => rankOf(pair.said.level) === rankOf(whole.level)).length;
  if (whole.level === "ok" || count === pairs.length) return whole;
  const how = whole.level === "risk" || whole.level === "bad" ? "down" : "not known";
  return said(whole.level, `${count} of ${counted(pairs.length, "pair")} ${how}`, whole.why);
}

function ringEnd(link: number, node: string, pairs: Ring["pairs"], speakers: readonly Speaker[]): Ring["ends"][number] {
  const speaker = speakers.find((one) => one.node === node);
  const own = speaker ? linksOf(speaker.value).filter((one) => one.link === link) : [];
  const address = own.find(({ localAddress }) => localAddress !== null)?.localAddress ?? addressSeen(link, node, speakers);
  if (!speaker) return { node, address, said: said("unknown", "does not say", `Nothing is read of Corosync on ${node}.`) };
  if (!speaker.value.isRunning) return { node, address, said: aged(said("risk", "Corosync does not run"), speaker.standing) };
  return { node, address, said: aged(judgeEnd(node, own, pairs), speaker.standing) };
}

/** Its own word for the whole ring, where Corosync tells no peers apart; else how many of its peers it hears. */
function judgeEnd(node: string, own: readonly CorosyncLink[], pairs: Ring["pairs"]): Said {
  const whole = own.find(({ peerId }) => peerId === null);
  const peers = own.filter(({ isConnected }) => isConnected !== null);
  if (peers.length === 0) return whole ? judgeWhole(whole.words.join(" ")) : said("unknown", "not said", `${node} says nothing of it.`);
  const heard = peers.filter(({ isConnected }) => isConnected).length;
  if (heard === peers.length) return said("ok", "up");
  const isCut = heard === 0 && pairs.some(({ a, b, said: { level } }) => level === "bad" && (a === node || b === node));
  return said(isCut ? "bad" : "risk", heard === 0 ? "hears nobody" : `hears ${heard} of ${peers.length}`);
}

/** Source: exec/totemrrp.c, Corosync 1.4 to 2.4 ("ring 0 active with no faults", "Marking ringid 1 … FAULTY"); since 3 "OK". */
function judgeWhole(words: string): Said {
  if (words.includes("FAULTY")) return said("risk", "faulty", `Corosync says: ${words}.`);
  if (words === "OK" || words.endsWith("no faults")) return said("ok", "no faults");
  return said("unknown", words, "Not a word this console knows.");
}

/** A node's address on a ring by the word of others: of a link's far end, else of a configuration. */
function addressSeen(link: number, node: string, speakers: readonly Speaker[]): string | null {
  for (const { value } of speakers) {
    const configured = value.configured?.find(({ name }) => name === node);
    const far = linksOf(value).find(({ link: of, peerId }) => of === link && peerId !== null && peerId === configured?.nodeId);
    const address = far?.remoteAddress ?? configured?.addresses[link];
    if (address) return address;
  }
  return null;
}
