// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import type { DrbdSettings } from "@/agent/protocol/model/drbd";
import { joinWords } from "@/server/cluster/words";
import { defineRule, every, mirrorName } from "./define";

type Side = EntityOf<"drbd">;

/** Addresses and ports join two sides that are called otherwise: a command by name then means another thing on each node. */
export const mirrorNames = defineRule({
  name: "mirror-names",
  doc: {
    area: "mirrors",
    title: "The two sides are called differently",
    means: "A command by name means another resource on each node.",
    levels: ["risk"],
    fires: "Addresses and ports join two sides of different names.",
    not: "Sides of one name.",
    todo: "Give it one name on all nodes.",
    needs: [20, 21],
  },
  find(view) {
    return every(view, "mirror").flatMap(([key, mirror]) => {
      const others = mirror.copies.flatMap(({ node, resource }) => (resource === undefined ? [] : [{ node, resource }]));
      if (others.length === 0) return [];
      const name = mirrorName(mirror);
      const called = joinWords(others.map(({ node, resource }) => `${resource} on ${node}`));
      return [
        {
          id: `mirror-names:${name}`,
          level: "risk" as const,
          title: `${name} is called ${called}`,
          why: "Their addresses and ports make them one mirror, whatever they are called: a command by name means another resource on each node.",
          todo: "Give the resource one name in the configuration of all its nodes.",
          about: [key],
        },
      ];
    });
  },
});

/** The same name on two nodes, whose addresses or ports do not meet: two mirrors of one side each. */
export const mirrorApart = defineRule({
  name: "mirror-apart",
  doc: {
    area: "mirrors",
    title: "Two sides of one name do not meet",
    means: "The addresses and ports of the two sides do not fit: two mirrors of one side each.",
    levels: ["risk"],
    fires: "The same resource on two nodes, whose connections name other ends.",
    not: "Settings that could not be read.",
    todo: "Compare the resource's file on both nodes, then drbdadm adjust.",
    needs: [9, 19],
  },
  find(view) {
    const byName = new Map<string, [string, Side][]>();
    for (const entry of every(view, "drbd")) {
      const [, { device, volume }] = entry;
      if (device.resource === null) continue;
      const name = `${device.resource}/${volume}`;
      const known = byName.get(name);
      if (known) known.push(entry);
      else byName.set(name, [entry]);
    }
    return [...byName].flatMap(([name, sides]) => {
      const [first, ...others] = sides.filter(([, { settings }]) => saysAddresses(settings));
      const apart = first && others.find(([, other]) => other.from.node !== first[1].from.node && other.mirror !== first[1].mirror);
      if (!first || !apart) return [];
      const pair = [first, apart] as const;
      const resource = first[1].device.resource ?? name;
      return [
        {
          id: `mirror-apart:${name}`,
          level: "risk" as const,
          title: `${resource} on ${joinWords(pair.map(([, { from }]) => from.node))} do not meet`,
          why: `They have one name, but their addresses and ports do not fit: ${joinWords(pair.map(([, side]) => `${side.from.node} has ${wayOf(side.settings)}`))}.`,
          todo: `Compare the resource's file on both nodes; then drbdadm adjust ${resource} on both.`,
          about: pair.flatMap(([key, { mirror }]) => [mirror, key]),
        },
      ];
    });
  },
});

function saysAddresses(settings: DrbdSettings | null): boolean {
  return settings?.connections.some(({ local, remote }) => local !== null && remote !== null) ?? false;
}

function wayOf(settings: DrbdSettings | null): string {
  const ways = (settings?.connections ?? []).flatMap(({ local, remote }) =>
    local && remote ? [`${local.address}:${local.port} to ${remote.address}:${remote.port}`] : [],
  );
  return joinWords(ways);
}

/** One minor that is another resource on a peer: /dev/drbd0 typed on the wrong node destroys the wrong one. */
export const mirrorMinors = defineRule({
  name: "mirror-minors",
  doc: {
    area: "mirrors",
    title: "One minor is two things",
    means: "The same device name means another disk on each of two nodes that take over from each other.",
    levels: ["risk"],
    fires: "A minor is one resource here and another there, on nodes that share a mirror.",
    not: "Nodes that share no mirror.",
    todo: "One minor per resource on all nodes, or /dev/drbd/by-res.",
    needs: [19, 20, 21],
  },
  find(view) {
    const byMinor = new Map<number, Map<string, [string, Side][]>>();
    for (const entry of every(view, "drbd")) {
      const { device, from } = entry[1];
      if (device.resource === null) continue;
      const nodes = byMinor.get(device.minor) ?? new Map<string, [string, Side][]>();
      byMinor.set(device.minor, nodes);
      const known = nodes.get(from.node);
      if (known) known.push(entry);
      else nodes.set(from.node, [entry]);
    }
    const peers = peersOf(every(view, "mirror").map(([, mirror]) => mirror));
    const found = new Map<string, { title: string; about: string[] }>();
    for (const [minor, nodes] of byMinor)
      for (const [node, sides] of nodes)
        for (const [otherNode, others] of nodes) {
          const pair = peers.has(`${node} ${otherNode}`) ? firstApart(sides, others) : null;
          if (!pair) continue;
          const [[key, one], [otherKey, other]] = pair;
          const title = `drbd${minor} is ${one.resource} on ${node} and ${other.resource} on ${otherNode}`;
          found.set(`${minor}:${node}:${otherNode}`, { title, about: [one.mirror, other.mirror, key, otherKey] });
        }
    return [...found].map(([id, { title, about }]) => ({
      id: `mirror-minors:${id}`,
      level: "risk" as const,
      title,
      why: "The same device name means another disk on each of two nodes that take over from each other.",
      todo: "Give each resource one minor on all its nodes, or use /dev/drbd/by-res/NAME everywhere.",
      about,
    }));
  },
});

/** Two that are not one mirror. Where the name is the same they are apart, and that is told with its reason. */
function firstApart(sides: readonly [string, Side][], others: readonly [string, Side][]): [[string, Side], [string, Side]] | null {
  for (const side of sides) {
    const [, one] = side;
    const found = others.find(([, other]) => other.mirror !== one.mirror && other.device.resource !== one.device.resource);
    if (found) return [side, found];
  }
  return null;
}

/** Pairs of nodes that share a mirror: only they stand in for each other. */
function peersOf(mirrors: readonly EntityOf<"mirror">[]): ReadonlySet<string> {
  return new Set(
    mirrors.flatMap(({ copies }) =>
      copies.flatMap((one) => copies.flatMap((other) => (one.node < other.node ? [`${one.node} ${other.node}`] : []))),
    ),
  );
}
