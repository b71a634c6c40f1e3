// SPDX-License-Identifier: Apache-2.0
import type { Corosync } from "@/agent/protocol/model/corosync";
import { nameOf, type RingNames, ringNames } from "../ring-names";
import { joinWords } from "../words";
import { type Change, type Telling, type Told, told } from "./tell";

/** What changed in Corosync as one node sees it: each node tells its own, for two sides may see it otherwise. */
export function tellCorosync({ node, before, after, memory, facts }: Change<Corosync>): Telling {
  if (!before) return { told: [], memory };
  if (before.isRunning !== after.isRunning) {
    const text = after.isRunning ? `${node}: Corosync runs` : `${node}: Corosync does not run any more`;
    return { told: [told(node, text, after.isRunning ? "ok" : "bad")], memory };
  }
  const names = ringNames(facts);
  return {
    told: [...tellLinks(node, before, after, names), ...tellMembers(node, before, after, names), ...tellQuorum(node, before, after)],
    memory,
  };
}

function tellLinks(node: string, before: Corosync, after: Corosync, names: RingNames): Told[] {
  const keyed = ({ links }: Corosync) => new Map((links ?? []).map((one) => [`${one.link} ${one.peerId}`, one]));
  const old = keyed(before);
  const lost = new Map<string, number[]>();
  const found = new Map<string, number[]>();
  const news: Told[] = [];
  for (const [key, now] of keyed(after)) {
    const was = old.get(key);
    if (!was) continue;
    if (now.peerId === null) {
      if (was.words.join() !== now.words.join())
        news.push(told(ringName([now.link]), `${node}: ${now.words.join(", ")}`, now.words.join().includes("FAULTY") ? "risk" : "ok"));
    } else if (was.isConnected !== now.isConnected && now.isConnected !== null) {
      const into = now.isConnected ? found : lost;
      const peer = nameOf(names, now.peerId);
      into.set(peer, [...(into.get(peer) ?? []), now.link]);
    }
  }
  for (const [peer, links] of lost) news.push(told(ringName(links), `${node} no longer hears ${peer} on ${ringName(links)}`, "risk"));
  for (const [peer, links] of found) news.push(told(ringName(links), `${node} hears ${peer} on ${ringName(links)} again`, "ok"));
  return news;
}

function ringName(links: readonly number[]): string {
  return joinWords([...links].sort((x, y) => x - y).map((link) => `ring ${link}`));
}

function tellMembers(node: string, before: Corosync, after: Corosync, names: RingNames): Told[] {
  if (!before.members || !after.members) return [];
  const was = new Set(before.members.map(({ nodeId }) => nodeId));
  const is = new Set(after.members.map(({ nodeId }) => nodeId));
  return [
    ...[...was]
      .filter((id) => !is.has(id))
      .map((id) => told(nameOf(names, id), `${node}: ${nameOf(names, id)} left Corosync's membership`, "bad")),
    ...[...is]
      .filter((id) => !was.has(id))
      .map((id) => told(nameOf(names, id), `${node}: ${nameOf(names, id)} joined Corosync's membership`, "ok")),
  ];
}

function tellQuorum(node: string, before: Corosync, after: Corosync): Told[] {
  const [was, is] = [before.quorum?.quorate ?? null, after.quorum?.quorate ?? null];
  if (was === null || is === null || was === is) return [];
  return [told(node, is ? `${node}: Corosync has quorum again` : `${node}: Corosync lost quorum`, is ? "ok" : "bad")];
}
