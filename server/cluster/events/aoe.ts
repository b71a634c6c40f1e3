// SPDX-License-Identifier: Apache-2.0
import type { Aoe, AoeDevice, AoeTarget } from "@/agent/protocol/model/aoe";
import { isDeadTarget } from "../aoe";
import type { ClusterFacts } from "../facts";
import { joinWords } from "../words";
import { type Change, type Telling, type Told, told } from "./tell";

/** What changed at a client's AoE devices and at a node's exports. */
export function tellAoe({ node, before, after, memory, rawMs, facts }: Change<Aoe>): Telling {
  const news: Told[] = [];
  const next: Record<string, number> = {};
  const old = new Map(before?.devices.map((device) => [device.name, device]));
  for (const device of after.devices) {
    const was = old.get(device.name);
    old.delete(device.name);
    news.push(...tellTargets(node, device, memory, next, rawMs, before !== null, facts));
    if (was) news.push(...tellDevice(node, was, device, facts));
    else if (before) news.push(told(device.name, `${node}: ${device.name} appeared, ${device.state}`, "ok"));
  }
  for (const gone of old.values()) news.push(told(gone.name, `${node}: ${gone.name} is gone`, "bad"));
  if (before) news.push(...tellExports(node, before, after));
  return { told: news, memory: next };
}

function tellDevice(node: string, was: AoeDevice, now: AoeDevice, facts: ClusterFacts): Told[] {
  const news: Told[] = [];
  if (was.state !== now.state) {
    const level = now.state === "up" ? "ok" : now.state.startsWith("down") ? "bad" : "unknown";
    news.push(told(now.name, `${node}: ${now.name} ${now.state}, was ${was.state}`, level));
  }
  if (was.targets && now.targets) {
    const before = was.targets.map(({ mac }) => mac);
    const after = now.targets.map(({ mac }) => mac);
    const lost = before.filter((mac) => !after.includes(mac));
    const won = after.filter((mac) => !before.includes(mac));
    const name = (macs: readonly string[]) => joinWords(macs.map((mac) => ownerOf(mac, facts)));
    if (lost.length > 0 && won.length > 0)
      news.push(told(now.name, `${node}: ${now.name} sends to ${name(won)}, no longer to ${name(lost)}`, "ok"));
    else if (won.length > 0) news.push(told(now.name, `${node}: ${now.name} sends to ${name(won)} too`, "ok"));
    else if (lost.length > 0) news.push(told(now.name, `${node}: ${now.name} sends no longer to ${name(lost)}`, "risk"));
  }
  return news;
}

/** A collapsed window is remembered, so that it is told once whatever counters came between. */
function tellTargets(
  node: string,
  device: AoeDevice,
  memory: Change<Aoe>["memory"],
  next: Record<string, number>,
  rawMs: number,
  isLater: boolean,
  facts: ClusterFacts,
): Told[] {
  return (device.targets ?? []).flatMap((target: AoeTarget) => {
    const key = `dead:${device.name}:${target.mac}`;
    const since = memory[key];
    const isDead = isDeadTarget(target);
    if (isDead) next[key] = since ?? rawMs;
    if (!isLater || isDead === (since !== undefined)) return [];
    const who = ownerOf(target.mac, facts);
    return [
      isDead
        ? told(device.name, `${node}: ${device.name} gets no answer from ${who}`, "risk")
        : told(device.name, `${node}: ${device.name} gets answers from ${who} again`, "ok"),
    ];
  });
}

function tellExports(node: string, before: Aoe, after: Aoe): Told[] {
  const news: Told[] = [];
  const keyOf = (one: Aoe["exports"][number]) => `${one.name} ${one.interface}`;
  const old = new Map(before.exports.map((one) => [keyOf(one), one]));
  for (const one of after.exports) {
    const was = old.get(keyOf(one));
    old.delete(keyOf(one));
    const how = one.sync ? "" : ", without -s";
    if (!was) news.push(told(one.name, `${one.name} exported by ${node} on ${one.interface}${how}`, one.sync ? "ok" : "risk"));
    else if (was.pid !== one.pid) news.push(told(one.name, `vblade for ${one.name} on ${node} restarted${how}`, one.sync ? "ok" : "risk"));
  }
  for (const gone of old.values()) news.push(told(gone.name, `${gone.name} no longer exported by ${node}`, "risk"));
  return news;
}

/** The node a MAC belongs to by what was last read of every node; else the MAC. */
function ownerOf(mac: string, facts: ClusterFacts): string {
  for (const node of facts.nodes.values()) {
    const interfaces = node.sources.host?.lastOk?.value.interfaces ?? [];
    if (interfaces.some((one) => one.mac?.toLowerCase() === mac.toLowerCase())) return node.node;
  }
  return mac;
}
