// SPDX-License-Identifier: Apache-2.0
import { type Entity, type EntityOf, keyOf, type Said } from "@/agent/protocol/console/view";
import type { Unread } from "@/agent/protocol/errors";
import type { AoeDevice, AoeExport, AoeTarget } from "@/agent/protocol/model/aoe";
import type { Timing } from "@/agent/protocol/timing";
import { belowOf } from "./below";
import type { ClusterFacts } from "./facts";
import { type Standing, standingOf } from "./freshness";
import { aged, rankOf, said, worst } from "./said";
import { joinWords } from "./words";

type Keyed = [string, EntityOf<"aoe"> | EntityOf<"export">][];

/** Who owns a MAC: a node's interface, and whether that was read just now. */
interface Owner {
  node: string;
  interface: string;
  isCurrent: boolean;
}

interface Exports {
  node: string;
  standing: Standing;
  exports: readonly AoeExport[];
}

/** The initiators' devices with where their MACs lead, and what the nodes export. */
export function aoeEntities(facts: ClusterFacts, entities: ReadonlyMap<string, Entity>, around: { nowMs: number; timing: Timing }): Keyed {
  const owners = ownersOf(facts, around);
  const unread = withoutInterfaces(facts, around);
  const exporters: Exports[] = [];
  const initiators: { node: string; standing: Standing; devices: readonly AoeDevice[] }[] = [];
  for (const node of facts.nodes.values()) {
    const standing = standingOf(node, "aoe", around.nowMs, around.timing);
    // Read just now, and there is no AoE at all: then nothing is exported, and that is known.
    if (standing.status === "absent" && standing.freshness === "live") {
      exporters.push({ node: node.node, standing: { ...standing, isCurrent: true }, exports: [] });
      continue;
    }
    const value = node.sources.aoe?.lastOk?.value;
    if (!value) continue;
    exporters.push({ node: node.node, standing, exports: value.exports });
    initiators.push({ node: node.node, standing, devices: value.devices });
  }
  const below = belowOf(facts, entities);
  const keyed: Keyed = [];
  for (const { node, standing, devices } of initiators) {
    for (const device of devices)
      keyed.push([keyOf.aoe(node, device.name), deviceEntity(node, device, standing, { owners, unread, exporters, below })]);
  }
  for (const { node, standing, exports } of exporters) {
    for (const one of exports) {
      const { mirror } = below(node, one.device);
      keyed.push([
        keyOf.export(node, one.name, one.interface),
        {
          kind: "export",
          from: { node, source: "aoe" },
          export: one,
          mirror,
          said: aged(judgeExport(one), standing, one.sync ? "ran with -s" : "ran without -s"),
        },
      ]);
    }
  }
  return keyed;
}

function judgeExport(one: AoeExport): Said {
  if (one.sync) return said("ok", "runs with -s");
  return said("risk", "runs without -s", "If this node is fenced, writes it has confirmed can be lost.");
}

/** Interfaces by MAC. A bond and its ports share one MAC: any of them names the node. */
function ownersOf(facts: ClusterFacts, around: { nowMs: number; timing: Timing }): ReadonlyMap<string, Owner[]> {
  const owners = new Map<string, Owner[]>();
  for (const node of facts.nodes.values()) {
    const host = node.sources.host?.lastOk?.value;
    if (!host) continue;
    const { isCurrent } = standingOf(node, "host", around.nowMs, around.timing);
    for (const { name, mac } of host.interfaces) {
      if (mac === null) continue;
      const key = mac.toLowerCase();
      owners.set(key, [...(owners.get(key) ?? []), { node: node.node, interface: name, isCurrent }]);
    }
  }
  return owners;
}

/** A part of a host reading without which not every interface is in it. */
export function isOfInterfaces({ what }: Unread): boolean {
  return what === "/sys/class/net" || what.startsWith("interface ");
}

/** Nodes whose interfaces are not all known now: a MAC that nobody shows may be theirs. */
function withoutInterfaces(facts: ClusterFacts, around: { nowMs: number; timing: Timing }): string[] {
  const names = new Set<string>();
  for (const node of facts.nodes.values()) {
    const host = node.sources.host?.lastOk?.value;
    const isWhole = host !== undefined && !host.unread.some(isOfInterfaces);
    if (!isWhole || !standingOf(node, "host", around.nowMs, around.timing).isCurrent) names.add(node.node);
    for (const { name } of node.sources.pacemaker?.lastOk?.value.nodes ?? []) if (!facts.nodes.has(name)) names.add(name);
  }
  return [...names].sort();
}

/** What the nodes say of their interfaces and exports. */
interface Ends {
  owners: ReadonlyMap<string, Owner[]>;
  unread: readonly string[];
  exporters: readonly Exports[];
  below: ReturnType<typeof belowOf>;
}

type TalksTo = EntityOf<"aoe">["talksTo"][number];

function deviceEntity(node: string, device: AoeDevice, standing: Standing, ends: Ends): EntityOf<"aoe"> {
  const unread = ends.unread.filter((name) => name !== node);
  const talksTo = (device.targets ?? []).map((target) => targetSaid(device, target, { ...ends, unread }));
  const own = judgeDevice(device, talksTo);
  const isUp = device.state === "up";
  return {
    kind: "aoe",
    from: { node, source: "aoe" },
    device,
    said: aged(own, standing, `last seen: ${own.word}`),
    toolSays: isUp && own.level === "bad" ? "aoe-stat says up" : null,
    talksTo: talksTo.map((target) => ({ ...target, said: aged(target.said, standing, `last seen: ${target.said.word}`) })),
  };
}

/** The driver never calls one dead target of two dead: its window falls to one while frames taint. Source: aoecmd.c, Linux 6.1. */
export function isDeadTarget(target: AoeTarget): boolean {
  if (target.window > 1) return false;
  return (target.taint !== null && target.taint > 0) || target.windowMax > 1;
}

function targetSaid(device: AoeDevice, target: AoeTarget, { owners, unread, exporters, below }: Ends): TalksTo {
  const mac = target.mac.toLowerCase();
  const candidates = owners.get(mac) ?? [];
  const nodes = [...new Set(candidates.map((owner) => owner.node))];
  const [node] = nodes;
  if (node === undefined) {
    const judged =
      unread.length > 0
        ? said("unknown", "a MAC not known yet", `It may be one of ${joinWords(unread)}: not all interfaces there are known now.`)
        : said("bad", "a MAC nobody owns", "No interface of this cluster's nodes has this MAC.");
    return { mac: target.mac, node: null, export: null, said: judged };
  }
  if (nodes.length > 1) {
    return {
      mac: target.mac,
      node: null,
      export: null,
      said: said("risk", "a MAC of two nodes", `${joinWords(nodes)} both have this MAC.`),
    };
  }
  const home = exporters.find((one) => one.node === node);
  const running = home?.exports.filter(({ name }) => name === device.name) ?? [];
  const interfaces = new Set(candidates.map((owner) => owner.interface));
  const found = running.find((one) => interfaces.has(one.interface)) ?? (running.length === 1 ? running[0] : undefined);
  const dead = isDeadTarget(target);
  const isKnown = home?.standing.isCurrent ?? false;
  const isOwned = candidates.some((owner) => owner.isCurrent);
  const signs = `Window ${target.window} of ${target.windowMax}${target.taint === null ? "" : `, taint ${target.taint}`}.`;
  const entry = {
    mac: target.mac,
    node,
    export: found ? keyOf.export(node, found.name, found.interface) : null,
    path: found ? [`vblade on ${found.interface}`, ...below(node, found.device).steps] : [],
  };
  if (!found && isKnown) {
    return { ...entry, said: said("bad", `${node}, but nobody answers there`, `No vblade for ${device.name} runs on ${node}. ${signs}`) };
  }
  if (dead) return { ...entry, said: said("bad", `${node} does not answer`, signs) };
  if (!found || !isKnown || !isOwned) {
    const why = home?.standing.why ?? `Whether ${node} exports ${device.name} is not known.`;
    return { ...entry, said: said("unknown", node, why) };
  }
  return { ...entry, said: said("ok", node) };
}

function judgeDevice(device: AoeDevice, talksTo: readonly TalksTo[]): Said {
  const [word] = device.state.split(",");
  if (word === "down") return said("bad", "down", `The driver says ${device.state}: no target answered for aoe_deadsecs.`);
  if (word !== "up") return said("unknown", device.state || "no state said", "Not a word this console knows.");
  if (device.targets === null) return said("unknown", "up, targets not known", "Which targets it talks to: not permitted to read.");
  if (talksTo.length === 0) return said("bad", "talks to nobody", "It has no target.");
  const good = talksTo.filter((target) => target.said.level === "ok");
  const lead = worst(
    talksTo.map((target) => target.said),
    said("unknown", "not known"),
  );
  if (good.length === talksTo.length) {
    return said("ok", `talks to ${joinWords([...new Set(talksTo.map(({ node }) => node ?? "nobody"))])}`);
  }
  if (good.length > 0) {
    const names = joinWords([...new Set(good.map(({ node }) => node ?? "nobody"))]);
    // Requests are spread over all targets of one shelf and slot: a dead one still costs.
    const level = rankOf(lead.level) < rankOf("unknown") ? "risk" : lead.level;
    return said(level, `talks to ${names}, not to all`, `${lead.word}: ${lead.why ?? ""}`.trim());
  }
  if (lead.level === "bad" && talksTo.some(({ node, said: own }) => node !== null && own.word.includes("nobody answers"))) {
    return said("bad", "nobody answers there", lead.why);
  }
  return said(lead.level, lead.word.includes("does not answer") ? "silent" : `talks to ${lead.word}`, lead.why);
}
