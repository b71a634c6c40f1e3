// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf } from "@/agent/protocol/console/view";
import { byName, joinWords } from "@/server/cluster/words";
import { defineRule, every } from "./define";

type Side = EntityOf<"drbd">;
interface Use {
  key: string;
  side: Side;
}

/** One port that is two resources: on one node they cannot both listen, on two nodes the next change of places makes them collide. */
export const mirrorPorts = defineRule({
  name: "mirror-ports",
  doc: {
    area: "mirrors",
    title: "One DRBD port is two resources",
    means: "On one node two resources cannot both listen on it; on two nodes that share mirrors the next move makes them collide.",
    levels: ["risk", "differs"],
    fires:
      "Two resources of a node have the same local address and port; or a port is one resource here and another on a node with a copy of either.",
    not: "Several peers or volumes of one resource, and nodes that share no mirror.",
    todo: "Give each resource a port of its own, the same on all its nodes; then drbdadm adjust.",
    needs: [19, 9],
  },
  find(view) {
    const here = new Map<string, Use[]>();
    const byPort = new Map<number, Use[]>();
    for (const [key, side] of every(view, "drbd")) {
      if (side.said.level === "old") continue;
      for (const { local } of side.settings?.connections ?? []) {
        if (local === null) continue;
        put(here, `${side.from.node} ${local.address}:${local.port}`, { key, side });
        put(byPort, local.port, { key, side });
      }
    }
    const onOne = [...here].flatMap(([at, uses]) => {
      const names = resourcesOf(uses);
      if (names.length < 2) return [];
      const [node = "", address = ""] = at.split(" ");
      return [
        {
          id: `mirror-ports:${at.replace(" ", "/")}`,
          level: "risk" as const,
          title: `${joinWords(names)} on ${node} both use ${address}`,
          why: "Only one of them can listen there: the other never connects.",
          todo: "Give one of them another port on all its nodes, then drbdadm adjust.",
          about: [...new Set(uses.map(({ key }) => key))],
        },
      ];
    });
    const peers = peersOf(every(view, "mirror").map(([, mirror]) => mirror));
    const onTwo = [...byPort].flatMap(([port, uses]) => {
      const apart = uses.flatMap((one) =>
        uses
          .filter(
            ({ side }) =>
              peers.has(`${one.side.from.node} ${side.from.node}`) &&
              one.side.mirror !== side.mirror &&
              nameOf(one.side) !== nameOf(side) &&
              one.side.from.node < side.from.node,
          )
          .map((other) => [one, other] as const),
      );
      const [first] = apart;
      if (!first) return [];
      const [one, other] = first;
      return [
        {
          id: `mirror-ports:${port}`,
          level: "differs" as const,
          title: `Port ${port} is ${nameOf(one.side)} on ${one.side.from.node} and ${nameOf(other.side)} on ${other.side.from.node}`,
          why: "Each works where it is now; a resource that is moved or restored to the other node finds its port taken.",
          todo: "Give each resource one port on all nodes.",
          about: [one.key, other.key, keyOf.node(one.side.from.node), keyOf.node(other.side.from.node)],
        },
      ];
    });
    return [...onOne, ...onTwo];
  },
});

function put<K>(map: Map<K, Use[]>, key: K, use: Use): void {
  const known = map.get(key);
  if (known) known.push(use);
  else map.set(key, [use]);
}

const nameOf = ({ settings, resource }: Side) => settings?.resource ?? resource;

function resourcesOf(uses: readonly Use[]): string[] {
  return [...new Set(uses.map(({ side }) => nameOf(side)))].sort(byName);
}

/** Pairs of nodes that share a mirror, each both ways. */
function peersOf(mirrors: readonly EntityOf<"mirror">[]): ReadonlySet<string> {
  return new Set(
    mirrors.flatMap(({ copies }) =>
      copies.flatMap((one) => copies.flatMap((other) => (one === other ? [] : [`${one.node} ${other.node}`]))),
    ),
  );
}
