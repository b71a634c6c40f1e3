// SPDX-License-Identifier: Apache-2.0
import type { Drbd, DrbdDevice, DrbdPeer } from "@/agent/protocol/model/drbd";
import { type Activity, activity, type LinkState, linkState, nameOf, peerKey, resyncEnd, wordFor } from "../drbd-words";
import type { ClusterFacts, Memory } from "../facts";
import { joinSides, type Line, sidesOf } from "../join";
import { formatDuration, joinWords } from "../words";
import { type Change, type Telling, type Told, told } from "./tell";

/**
 * What changed in DRBD on one node. A change of the line between two nodes is seen by both: it is told by the one whose
 * frame came first, and the other keeps silent when its own news is already in the first one's reading.
 */
export function tellDrbd(change: Change<Drbd>): Telling {
  const { node, before, after, rawMs } = change;
  const memory: Record<string, number> = {};
  const news: Told[] = [];
  const old = new Map(before?.devices.map((device) => [device.minor, device]));
  let lines: Line[] | null = null;
  for (const device of after.devices) {
    const was = old.get(device.minor);
    const name = nameOf(device);
    const pairNews: Told[] = [];
    let hasMoved = false;
    for (const [index, peer] of device.peers.entries()) {
      const key = peerKey(device, peer, index);
      const wasPeer = was?.peers.find((other, place) => peerKey(device, other, place) === key);
      const since = remember(change.memory, memory, key, peer, wasPeer, rawMs);
      if (!was || !wasPeer || !moved(wasPeer, peer)) continue;
      hasMoved = true;
      lines ??= allLines(change.facts, node, after);
      const pair: PairChange = {
        name,
        node,
        was: wasPeer,
        now: peer,
        word: wordFor(device, peer),
        since,
        rawMs,
        ...otherSide(lines, peer, node, change.facts),
      };
      pairNews.push(...tellLink(pair), ...tellActivity(pair, device));
    }
    news.push(...pairNews);
    if (was) news.push(...tellDevice(name, node, was, device, hasMoved));
    else if (before) news.push(told(name, `${name} is up on ${node}`, "ok"));
  }
  if (before) {
    const kept = new Set(after.devices.map(({ minor }) => minor));
    for (const gone of before.devices)
      if (!kept.has(gone.minor)) news.push(told(nameOf(gone), `${nameOf(gone)} is down on ${node}`, "risk"));
  }
  return { told: news, memory };
}

interface PairChange {
  name: string;
  node: string;
  was: DrbdPeer;
  now: DrbdPeer;
  word: string;
  /** When the line, its activity and its resync were first seen as they were before this change. */
  since: { link: number | null; activity: number | null; sync: number | null };
  rawMs: number;
  other: string;
  otherPeer: DrbdPeer | null;
  otherSince: { link: number; activity: number } | null;
}

/** Lines are up or not; how they are not up is told by the side that knows. */
function isUp(state: LinkState): boolean {
  return state === "connected";
}

function isSyncing(state: Activity): boolean {
  return state === "resync" || state === "paused" || state === "starting";
}

function moved(was: DrbdPeer, now: DrbdPeer): boolean {
  return linkState(was.connection) !== linkState(now.connection) || activity(was.replication) !== activity(now.replication);
}

function remember(
  known: Memory,
  next: Record<string, number>,
  key: string,
  peer: DrbdPeer,
  was: DrbdPeer | undefined,
  rawMs: number,
): PairChange["since"] {
  const link = known[`link:${key}`] ?? null;
  const doing = known[`activity:${key}`] ?? null;
  const sync = known[`sync:${key}`] ?? null;
  const isSameLink = was !== undefined && isUp(linkState(was.connection)) === isUp(linkState(peer.connection));
  const isSameActivity = was !== undefined && activity(was.replication) === activity(peer.replication);
  next[`link:${key}`] = isSameLink ? (link ?? rawMs) : rawMs;
  next[`activity:${key}`] = isSameActivity ? (doing ?? rawMs) : rawMs;
  if (isSyncing(activity(peer.replication))) next[`sync:${key}`] = sync ?? rawMs;
  return { link, activity: doing, sync };
}

function allLines(facts: ClusterFacts, node: string, after: Drbd): Line[] {
  const sides = [...facts.nodes.values()].flatMap((other) => {
    const value = other.node === node ? after : other.sources.drbd?.lastOk?.value;
    return value ? sidesOf(other.node, value) : [];
  });
  return joinSides(sides).flatMap((joined) => joined.lines);
}

function otherSide(
  lines: readonly Line[],
  peer: DrbdPeer,
  node: string,
  facts: ClusterFacts,
): Pick<PairChange, "other" | "otherPeer" | "otherSince"> {
  const line = lines.find(({ aPeer, bPeer }) => aPeer === peer || bPeer === peer);
  const isA = line?.aPeer === peer;
  const side = isA ? line?.b : line?.a;
  const otherPeer = (isA ? line?.bPeer : line?.aPeer) ?? null;
  const name = side?.node ?? peer.name ?? line?.bName;
  const other = name && name !== node ? name : "its peer";
  const memory = side ? facts.nodes.get(side.node)?.sources.drbd?.memory : undefined;
  if (!side || !otherPeer || !memory) return { other, otherPeer: null, otherSince: null };
  const key = peerKey(side.device, otherPeer, side.device.peers.indexOf(otherPeer));
  return { other, otherPeer, otherSince: { link: memory[`link:${key}`] ?? 0, activity: memory[`activity:${key}`] ?? 0 } };
}

function tellLink({ name, node, was, now, word, since, rawMs, other, otherPeer, otherSince }: PairChange): Told[] {
  const before = linkState(was.connection);
  const after = linkState(now.connection);
  if (before === after) return [];
  const isKnown =
    otherPeer !== null &&
    otherSince !== null &&
    isUp(linkState(otherPeer.connection)) === isUp(after) &&
    otherSince.link >= (since.link ?? 0);
  if (isUp(before) !== isUp(after) && isKnown) return [];
  switch (after) {
    case "connected":
      return [
        told(name, `${name}: connected to ${other}${since.link === null ? "" : ` after ${formatDuration(rawMs - since.link)}`}`, "ok"),
      ];
    case "unknown":
      return [told(name, `${name}: connection to ${other} is ${word} on ${node}`, "unknown")];
    case "standAlone":
      return [
        told(
          name,
          `${name}: ${node} is StandAlone, ${isUp(before) ? `the connection to ${other} is lost` : `it no longer tries to reach ${other}`}`,
          "bad",
        ),
      ];
    case "waiting":
    case "broken":
      if (before === "standAlone") return [told(name, `${name}: ${node} tries to reach ${other} again`, "busy")];
      return isUp(before) ? [told(name, `${name}: connection to ${other} lost (${word})${during(activity(was.replication))}`, "risk")] : [];
  }
}

function during(state: Activity): string {
  if (isSyncing(state)) return " during the resync";
  return state === "verify" ? " during the verify" : "";
}

function tellActivity({ name, node, was, now, since, rawMs, other, otherPeer, otherSince }: PairChange, device: DrbdDevice): Told[] {
  if (!isUp(linkState(now.connection))) return [];
  const before = isUp(linkState(was.connection)) ? activity(was.replication) : "off";
  const after = activity(now.replication);
  if (before === after) return [];
  const isKnown =
    otherPeer !== null && otherSince !== null && activity(otherPeer.replication) === after && otherSince.activity >= (since.activity ?? 0);
  if (isKnown) return [];
  const end = resyncEnd(now.replication) ?? resyncEnd(was.replication);
  const target = end === "target" ? node : other;
  switch (after) {
    case "resync":
      return [told(name, before === "paused" ? `${name}: resync to ${target} goes on` : `${name}: resync to ${target} started`, "busy")];
    case "paused":
      return [told(name, `${name}: resync to ${target} paused`, "risk")];
    case "verify":
      return [told(name, `${name}: verify started`, "busy")];
    case "aheadBehind":
      return [told(name, `${name}: ${target} is left behind, the line is too slow`, "risk")];
    case "unknown":
      return [told(name, `${name}: replication with ${other} is ${now.replication} on ${node}`, "unknown")];
    case "established": {
      const isGood = device.disk === "UpToDate" && now.disk === "UpToDate";
      if (!isSyncing(before) && before !== "aheadBehind") return [];
      if (!isGood) return [told(name, `${name}: resync to ${target} ended, ${joinWords([device.disk, now.disk])}`, "risk")];
      const took = since.sync === null ? "" : ` after ${formatDuration(rawMs - since.sync)}`;
      return [told(name, `${name} in sync${took}`, "ok")];
    }
    case "starting":
    case "off":
      return [];
  }
}

const PASSING = new Set(["Attaching", "Negotiating", "Detaching", "Consistent", "DUnknown", "Unknown"]);

function tellDevice(name: string, node: string, was: DrbdDevice, now: DrbdDevice, hasMoved: boolean): Told[] {
  const news: Told[] = [];
  if (was.unconfigured !== now.unconfigured) {
    return [now.unconfigured ? told(name, `${name} is down on ${node}`, "risk") : told(name, `${name} is up on ${node}`, "ok")];
  }
  if (was.role !== now.role && now.role !== "Unknown" && was.role !== "Unknown")
    news.push(told(name, `${name}: ${now.role} on ${node}`, "ok"));
  // What a resync does to the disk words, the resync itself tells.
  const isOfResync =
    hasMoved && ["UpToDate", "Inconsistent", "Outdated"].includes(now.disk) && was.disk !== "Diskless" && was.disk !== "Failed";
  if (was.disk !== now.disk && !PASSING.has(now.disk) && !isOfResync) {
    const level = now.disk === "UpToDate" ? "ok" : now.disk === "Diskless" || now.disk === "Failed" ? "bad" : "risk";
    news.push(told(name, `${name} on ${node}: ${now.disk}, was ${was.disk}`, level));
  }
  if (was.suspended !== now.suspended) {
    const by = now.suspendedBy.filter((reason) => reason !== "unknown");
    const why = by.length > 0 ? ` (${joinWords(by)})` : "";
    news.push(
      now.suspended
        ? told(name, `${name}: I/O suspended on ${node}${why}`, "bad")
        : told(name, `${name}: I/O goes on again on ${node}`, "ok"),
    );
  }
  return news;
}
