// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf, type MirrorPair, type Said } from "@/agent/protocol/console/view";
import type { Drbd, DrbdPeer } from "@/agent/protocol/model/drbd";
import type { Timing } from "@/agent/protocol/timing";
import { DISK_WORDS, linkState } from "./drbd-words";
import type { ClusterFacts } from "./facts";
import { type Standing, standingOf } from "./freshness";
import { type Joined, joinSides, type Side, sidesOf, volumeOf } from "./join";
import { memo } from "./memo";
import { holdersOf, isEveryCopyHeard, type MirrorState, onlyHolderOf } from "./mirror-holders";
import { meaningOf } from "./mirror-meaning";
import { diskOf, judgePair, type PairState, pairState } from "./mirror-pair";
import { aged, said, worst } from "./said";
import { splitPeers } from "./split-brain";
import { asSentence, byName, formatPercent, joinWords } from "./words";

type Keyed = [string, EntityOf<"drbd"> | EntityOf<"mirror">][];

/** One node's DRBD as it was last read well, and how far that may be believed. */
export interface DrbdTestimony {
  node: string;
  value: Drbd;
  standing: Standing;
  /** The peers of this value that it refused for a split brain. */
  splits?: readonly DrbdPeer[];
}

/** What every node says of its DRBD, where it was ever read well. */
export function drbdTestimonies(facts: ClusterFacts, { nowMs, timing }: { nowMs: number; timing: Timing }): DrbdTestimony[] {
  return [...facts.nodes.values()].flatMap((node) => {
    const value = node.sources.drbd?.lastOk?.value;
    return value ? [{ node: node.node, value, standing: standingOf(node, "drbd", nowMs, timing), splits: splitPeers(node) }] : [];
  });
}

const remembered = memo<Keyed>();

/** Every side of every mirror of a cluster, and the mirrors they make. */
export function mirrorEntities(testimony: readonly DrbdTestimony[]): Keyed {
  const [first] = testimony;
  if (!first) return [];
  const inputs = testimony.flatMap(({ value, standing, splits = [] }) => [
    value,
    standing.isCurrent,
    standing.why,
    splits.length,
    ...splits,
  ]);
  return remembered(first.value, inputs, () => build(testimony));
}

function build(testimony: readonly DrbdTestimony[]): Keyed {
  const standings = new Map(testimony.map(({ node, standing }) => [node, standing]));
  const sides = testimony.flatMap(({ node, value }) => sidesOf(node, value));
  const splits = new Set(testimony.flatMap((one) => one.splits ?? []));
  const names = new Map<string, Side>();
  const entities: Keyed = [];
  for (const { joined, resource, volume } of namedMirrors(sides)) {
    const drbdKeys = new Map<Side, string>();
    for (const side of joined.sides) drbdKeys.set(side, drbdKeyOf(side, names));
    const key = keyOf.mirror(resource, volume);
    for (const [own, drbdKey] of drbdKeys) entities.push([drbdKey, drbdEntity(own, key, standings)]);
    entities.push([key, mirrorOf(joined, drbdKeys, standings, splits)]);
  }
  return entities;
}

/** A mirror under the name that its key has. */
export interface NamedMirror {
  joined: Joined;
  /** "store"; "store@ruby" where two mirrors of one name have nothing to do with each other. */
  resource: string;
  volume: number;
}

/** The mirrors that these sides make, each by a name of its own. */
export function namedMirrors(sides: readonly Side[]): NamedMirror[] {
  const taken = new Set<string>();
  const mirrors = joinSides(sides).sort((x, y) => byName(resourceOf(x), resourceOf(y)) || byName(nodeOf(x), nodeOf(y)));
  return mirrors.map((joined) => {
    const volume = mirrorVolume(joined);
    let resource = resourceOf(joined);
    // Two mirrors of one name that nothing joins stay two: the later one is told apart by its first node.
    for (let place = 0; taken.has(keyOf.mirror(resource, volume)); place += 1) {
      resource = `${resourceOf(joined)}@${nodeOf(joined)}${place === 0 ? "" : `#${place}`}`;
    }
    taken.add(keyOf.mirror(resource, volume));
    return { joined, resource, volume };
  });
}

function resourceOf({ sides }: Joined): string {
  const named = sides.find(({ device }) => device.resource !== null);
  return named?.device.resource ?? `minor-${sides[0]?.device.minor ?? 0}`;
}

function mirrorVolume({ sides }: Joined): number {
  return sides[0] ? volumeOf(sides[0].device) : 0;
}

function nodeOf({ sides }: Joined): string {
  return sides[0]?.node ?? "";
}

function drbdKeyOf(side: Side, names: Map<string, Side>): string {
  let resource = side.device.resource ?? `minor-${side.device.minor}`;
  for (let place = 0; names.has(keyOf.drbd(resource, volumeOf(side.device), side.node)); place += 1) {
    resource = `minor-${side.device.minor}${place === 0 ? "" : `#${place}`}`;
  }
  const key = keyOf.drbd(resource, volumeOf(side.device), side.node);
  names.set(key, side);
  return key;
}

/** A copy's own words judged: disk first, then what stops it. */
export function judgeSide({ device }: Side): Said {
  if (device.unconfigured) return said("absent", "not configured", "The minor exists, nothing is attached to it or connected.");
  if (device.suspended) {
    const by = device.suspendedBy.filter((reason) => reason !== "unknown");
    return said("bad", "I/O suspended", by.length > 0 ? `Suspended by ${joinWords(by)}.` : "DRBD holds all I/O of this device.");
  }
  const known = DISK_WORDS.get(device.disk);
  return known ? said(known.level, device.disk, known.why) : said("unknown", device.disk, "Not a word this console knows.");
}

function drbdEntity(side: Side, mirror: string, standings: ReadonlyMap<string, Standing>): EntityOf<"drbd"> {
  const standing = standings.get(side.node);
  const own = judgeSide(side);
  return {
    kind: "drbd",
    from: { node: side.node, source: "drbd" },
    resource: side.device.resource ?? `minor-${side.device.minor}`,
    volume: volumeOf(side.device),
    mirror,
    device: side.device,
    settings: side.settings,
    said: standing ? aged(own, standing) : said("unknown", own.word),
  };
}

function mirrorOf(
  joined: Joined,
  drbdKeys: ReadonlyMap<Side, string>,
  standings: ReadonlyMap<string, Standing>,
  splits: ReadonlySet<DrbdPeer>,
): EntityOf<"mirror"> {
  const states = joined.lines.map((line) => pairState(line, standings, splits));
  const pairs = besideResync(states.map(judgePair));
  const copies = copiesOf(joined, states, pairs, drbdKeys, standings);
  const state: MirrorState = { joined, states, pairs, copies, standings };
  const holders = holdersOf(state);
  const onlyHolder = onlyHolderOf(state, holders);
  const minors = [...new Set(joined.sides.map(({ device }) => `drbd${device.minor}`))];
  const protocols = joined.sides.flatMap(({ device, settings }) => [
    ...device.peers.map(({ protocol }) => protocol),
    ...(settings?.connections.map(({ protocol }) => protocol) ?? []),
  ]);
  const sizes = joined.sides.flatMap(({ device }) => (device.sizeBytes === null ? [] : [device.sizeBytes]));
  return {
    kind: "mirror",
    resource: resourceOf(joined),
    volume: mirrorVolume(joined),
    device: joinWords(minors),
    protocol: protocols.find((protocol) => protocol !== null) ?? null,
    sizeBytes: sizes.length === 0 ? null : Math.min(...sizes),
    copies,
    pairs,
    said: judgeMirror(state, holders, onlyHolder),
    meaning: meaningOf(state, onlyHolder),
    holders,
    onlyHolder,
  };
}

/** A copy that is being synced from one node is behind all others: that line is the one that tells it. */
function besideResync(pairs: readonly MirrorPair[]): MirrorPair[] {
  return pairs.map((pair) => {
    if (pair.said.level !== "risk" || (pair.line !== "differs" && pair.line !== "resync")) return pair;
    const moving = pairs.find(
      ({ towards, line, said: own }) => line === "resync" && own.level === "busy" && towards !== null && [pair.a, pair.b].includes(towards),
    );
    if (!moving || moving === pair) return pair;
    const from = moving.towards === moving.a ? moving.b : moving.a;
    return { ...pair, said: said("busy", `${moving.towards} syncs from ${from} first`), line: "connected" };
  });
}

type Copy = EntityOf<"mirror">["copies"][number];

function copiesOf(
  joined: Joined,
  states: readonly PairState[],
  pairs: readonly MirrorPair[],
  drbdKeys: ReadonlyMap<Side, string>,
  standings: ReadonlyMap<string, Standing>,
): Copy[] {
  const name = resourceOf(joined);
  const own = joined.sides.map((side): Copy => {
    const standing = standings.get(side.node);
    const now = judgeSide(side);
    const { role, disk, resource } = side.device;
    const seen = standing?.isCurrent ? null : seenBy(side.node, states);
    const old = standing ? aged(now, standing) : said("unknown", now.word);
    return {
      node: side.node,
      drbd: drbdKeys.get(side) ?? null,
      role,
      disk,
      said: seen ? { ...old, why: [old.why, seen].filter((why) => why).join(" ") } : old,
      syncedPercent: disk === "Inconsistent" ? syncedOf(side, pairs) : null,
      ...(resource !== null && resource !== name ? { resource } : {}),
    };
  });
  // Copies that only a peer speaks of: no agent there, or its DRBD was never read.
  const others = states.flatMap(({ a, b }): Copy[] => {
    if (b.side !== null || a.peer === null) return [];
    const { role } = a.peer;
    const disk = diskOf(b, a);
    const known = DISK_WORDS.get(disk);
    const isLive = a.isCurrent && linkState(a.peer.connection) === "connected";
    const word = a.isCurrent ? disk : `was ${disk}`;
    const level = !a.isCurrent ? "old" : isLive ? (known?.level ?? "unknown") : "unknown";
    return [{ node: b.node, drbd: null, role, disk, said: said(level, word, `Only ${a.node} speaks of it.`), syncedPercent: null }];
  });
  return [...own, ...others];
}

/** What a live neighbour's DRBD says of a node that is not heard itself. */
function seenBy(node: string, states: readonly PairState[]): string | null {
  for (const { a, b } of states) {
    for (const [self, other] of [
      [a, b],
      [b, a],
    ] as const) {
      if (self.node !== node || !other.isCurrent || !other.peer) continue;
      return linkState(other.peer.connection) === "connected"
        ? `${other.node} says ${other.peer.role} ${other.peer.disk}.`
        : `${other.node} is not connected to it.`;
    }
  }
  return null;
}

function syncedOf(side: Side, pairs: readonly MirrorPair[]): number | null {
  for (const pair of pairs) if (pair.towards === side.node && pair.progress?.kind === "resync") return pair.progress.percent;
  const counts = side.device.peers.flatMap(({ outOfSyncBytes }) => (outOfSyncBytes === null ? [] : [outOfSyncBytes]));
  const { sizeBytes } = side.device;
  return sizeBytes && counts.length > 0 ? Math.max(0, 100 * (1 - Math.min(...counts) / sizeBytes)) : null;
}

/** A mirror's word when every copy is heard and none is complete. */
export const NO_GOOD_COPY = "no good copy";

/** The whole mirror in a phrase. */
function judgeMirror(state: MirrorState, holders: readonly string[], onlyHolder: string | null): Said {
  const { joined, copies, pairs, states } = state;
  const suspended = copies.find((copy) => copy.said.word === "I/O suspended");
  if (suspended) return said("bad", `I/O suspended on ${suspended.node}`, suspended.said.why);
  if (joined.sides.every(({ device }) => device.unconfigured)) return said("absent", "not configured");
  const judgement = worst(
    pairs.map((pair) => pair.said),
    lonely(copies),
  );
  if (copies.every((copy) => copy.said.level === "old")) return { ...judgement, level: "old" };
  const isKnown = states.every(({ link }) => link !== "old" && link !== "unknown" && link !== "none" && link !== "contradiction");
  const moving = pairs.find((pair) => pair.line === "resync" && pair.progress);
  if (onlyHolder !== null && judgement.level !== "bad" && !(moving && judgement.level === "busy")) {
    return said("risk", `only ${onlyHolder} holds it`, asSentence([judgement.word, judgement.why].filter((text) => text).join(": ")));
  }
  if (isKnown && holders.length === 0 && judgement.level !== "bad" && copies.some((copy) => copy.said.level !== "old")) {
    if (isEveryCopyHeard(state))
      return said("bad", NO_GOOD_COPY, "No side is UpToDate: nothing can be promoted without a person's decision.");
    return said("unknown", "no good copy known", asSentence([judgement.word, judgement.why].filter((text) => text).join(": ")));
  }
  if (moving && judgement.level === "busy") return said("busy", `resync ${formatPercent(moving.progress?.percent ?? 0)}`, judgement.why);
  const bothWrite = dualPrimary(joined);
  if (bothWrite && judgement.level === "ok") return bothWrite;
  const verified = pairs.find((pair) => pair.said === judgement && pair.line === "verify" && pair.progress);
  if (verified) return said("busy", `verify ${formatPercent(verified.progress?.percent ?? 0)}`, judgement.why);
  if (pairs.length > 1 && judgement.level !== "ok") {
    const pair = pairs.find((candidate) => candidate.said === judgement);
    if (pair) return { ...judgement, word: `${nodeOfPairs(pairs, judgement) ?? `${pair.a} and ${pair.b}`}: ${judgement.word}` };
  }
  // A copy can be worse than the line to it: Diskless, Failed, an unknown word.
  const copy = worst(
    copies.map((one) => one.said),
    judgement,
  );
  if (judgement.level === "ok" && copy.level !== "ok") return { ...copy, word: `${nodeOfCopy(copies, copy)} ${copy.word}` };
  return judgement;
}

/** The one node that all lines of a judgement's level have in common; null where they have none or there is one line only. */
function nodeOfPairs(pairs: readonly MirrorPair[], judgement: Said): string | null {
  const [first, ...others] = pairs.filter((pair) => pair.said.level === judgement.level);
  if (!first || others.length === 0) return null;
  return [first.a, first.b].find((node) => others.every(({ a, b }) => a === node || b === node)) ?? null;
}

function nodeOfCopy(copies: readonly Copy[], judgement: Said): string {
  return copies.find((copy) => copy.said === judgement)?.node ?? "";
}

function lonely(copies: readonly Copy[]): Said {
  const [copy] = copies;
  if (copy && copy.said.level === "old") return copy.said;
  return said(
    "unknown",
    "one side only",
    `Nothing but ${copy?.node ?? "one node"} speaks of it: whether a second copy exists is not known.`,
  );
}

function dualPrimary({ sides }: Joined): Said | null {
  const primaries = sides.filter(({ device }) => device.role === "Primary");
  if (primaries.length < 2) return null;
  const isAllowed = primaries.every(({ settings }) => settings?.connections.some(({ allowTwoPrimaries }) => allowTwoPrimaries === true));
  if (isAllowed) return said("ok", "in sync, both may write", "Two Primaries are allowed by the settings.");
  return said("risk", "two Primaries", "Both sides may write, and the settings read here do not allow that on purpose.");
}
