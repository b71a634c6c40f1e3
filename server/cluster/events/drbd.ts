// SPDX-License-Identifier: Apache-2.0
import type { Drbd, DrbdDevice, DrbdPeer } from "@/agent/protocol/model/drbd";
import { activity, linkState, nameOf, peerKey, resourceOf, wordFor } from "../drbd-words";
import type { ClusterFacts, Memory } from "../facts";
import { joinSides, type Line, sidesOf } from "../join";
import { joinWords } from "../words";
import { ITS_PEER, isSyncing, isUp, type PairChange, tellActivity, tellLink } from "./drbd-line";
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
        mirror: { resource: resourceOf(device), volume: device.volume ?? 0 },
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
  const other = name && name !== node ? name : ITS_PEER;
  const memory = side ? facts.nodes.get(side.node)?.sources.drbd?.memory : undefined;
  if (!side || !otherPeer || !memory) return { other, otherPeer: null, otherSince: null };
  const key = peerKey(side.device, otherPeer, side.device.peers.indexOf(otherPeer));
  return { other, otherPeer, otherSince: { link: memory[`link:${key}`] ?? 0, activity: memory[`activity:${key}`] ?? 0 } };
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
