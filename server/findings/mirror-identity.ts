// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import type { DrbdSettings } from "@/agent/protocol/model/drbd";
import { joinWords } from "@/server/cluster/words";
import { defineRule, every, mirrorName } from "./define";

type Side = EntityOf<"drbd">;

/** Addresses and ports join two sides that are called otherwise: a command by name then means another thing on each node. */
export const mirrorNames = defineRule({
  name: "mirror-names",
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
  find(view) {
    const byName = new Map<string, [string, Side][]>();
    for (const entry of every(view, "drbd")) {
      const [, { device, volume }] = entry;
      if (device.resource === null) continue;
      const name = `${device.resource}/${volume}`;
      byName.set(name, [...(byName.get(name) ?? []), entry]);
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
  find(view) {
    const sides = every(view, "drbd").filter(([, { device }]) => device.resource !== null);
    const peers = peersOf(every(view, "mirror").map(([, mirror]) => mirror));
    const found = new Map<string, { title: string; about: string[] }>();
    for (const [key, one] of sides)
      for (const [otherKey, other] of sides) {
        const { minor } = one.device;
        if (one.from.node >= other.from.node || minor !== other.device.minor || one.mirror === other.mirror) continue;
        // Where the name is the same they are apart, and that is told with its reason.
        if (one.device.resource === other.device.resource || !peers.has(`${one.from.node} ${other.from.node}`)) continue;
        const title = `drbd${minor} is ${one.resource} on ${one.from.node} and ${other.resource} on ${other.from.node}`;
        found.set(`${minor}:${one.from.node}:${other.from.node}`, { title, about: [one.mirror, other.mirror, key, otherKey] });
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

/** Pairs of nodes that share a mirror: only they stand in for each other. */
function peersOf(mirrors: readonly EntityOf<"mirror">[]): ReadonlySet<string> {
  return new Set(
    mirrors.flatMap(({ copies }) =>
      copies.flatMap((one) => copies.flatMap((other) => (one.node < other.node ? [`${one.node} ${other.node}`] : []))),
    ),
  );
}
