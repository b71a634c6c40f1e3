// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf } from "@/agent/protocol/console/view";
import type { DrbdSettings } from "@/agent/protocol/model/drbd";
import { byName, joinWords } from "@/server/cluster/words";
import { defineRule, every, mirrorName, type ViewSoFar } from "./define";

type Connection = DrbdSettings["connections"][number];
type Side = EntityOf<"drbd">;

/** Differences named in a sentence; the rest is counted. */
const NAMED = 4;

/** What two ends of a line must have alike, and how it is written; null where an end does not say. */
const ALIKE: readonly (readonly [option: string, of: (connection: Connection) => string | null])[] = [
  ["protocol", ({ protocol }) => protocol],
  ["allow-two-primaries", ({ allowTwoPrimaries }) => (allowTwoPrimaries === null ? null : allowTwoPrimaries ? "yes" : "no")],
  ["verify-alg", ({ verifyAlg }) => verifyAlg],
  ["data-integrity-alg", ({ integrityAlg }) => (integrityAlg === undefined ? null : integrityAlg || "none")],
  ["cram-hmac-alg", ({ authenticationAlg }) => (authenticationAlg === undefined ? null : authenticationAlg || "none")],
  ["fencing", ({ fencing }) => fencing],
];

const end = (one: Connection["local"]) => (one === null ? null : `${one.address}:${one.port}`);

/** The connection of each side that is the other end of the other's. */
function lineBetween(a: Side, b: Side): [Connection, Connection] | null {
  for (const one of a.settings?.connections ?? [])
    for (const other of b.settings?.connections ?? [])
      if (end(one.local) !== null && end(one.local) === end(other.remote) && end(one.remote) === end(other.local)) return [one, other];
  return null;
}

function sidesOf(view: ViewSoFar, mirror: EntityOf<"mirror">): Side[] {
  return mirror.copies.flatMap(({ drbd }) => {
    const side = drbd === null ? undefined : view.get(drbd);
    return side?.kind === "drbd" && side.said.level !== "old" && side.settings !== null ? [side] : [];
  });
}

/** Two sides of a mirror that are set up differently in what both must have alike. */
export const mirrorSettings = defineRule({
  name: "mirror-settings",
  doc: {
    area: "mirrors",
    title: "The sides of a mirror are set up differently",
    means:
      "DRBD refuses the connection for most of these, at the latest when it connects the next time; of fencing each side then does something else.",
    levels: ["differs"],
    fires:
      "The settings of the two ends of one line, joined by their addresses and ports, differ in protocol, allow-two-primaries, verify-alg, data-integrity-alg, cram-hmac-alg or fencing.",
    not: "What one side does not say; settings that each side may have for itself.",
    todo: "Make the resource's file the same on both, then drbdadm adjust on each.",
    needs: [9, 17, 18, 29],
  },
  find: (view) =>
    every(view, "mirror").flatMap(([key, mirror]) => {
      const sides = sidesOf(view, mirror);
      const odd = sides.flatMap((a, index) =>
        sides.slice(index + 1).flatMap((b) => {
          const [one, other] = lineBetween(a, b) ?? [];
          if (!one || !other) return [];
          return ALIKE.flatMap(([option, of]) => {
            const [mine, theirs] = [of(one), of(other)];
            return mine === null || theirs === null || mine === theirs
              ? []
              : [{ option, says: `${option} is ${mine} on ${a.from.node} and ${theirs} on ${b.from.node}.` }];
          });
        }),
      );
      if (odd.length === 0) return [];
      const name = mirrorName(mirror);
      return [
        {
          id: `mirror-settings:${name}`,
          level: "differs" as const,
          title: `${name}: ${joinWords([...new Set(odd.map(({ option }) => option))])} ${odd.length === 1 ? "differs" : "differ"} between its sides`,
          why: odd
            .slice(0, NAMED)
            .map(({ says }) => says)
            .join(" "),
          todo: `Make the file of ${mirror.resource} the same on both; then drbdadm adjust ${mirror.resource} on each.`,
          about: [key, ...mirror.copies.flatMap(({ drbd }) => drbd ?? [])],
        },
      ];
    }),
});

/** The nodes of corosync.conf in one order and writing, so that two files can be compared. */
function nodesIn({ corosync }: EntityOf<"corosync">): string | null {
  if (corosync.configured === null) return null;
  const rows = corosync.configured.map(({ nodeId, addresses }) => `${nodeId ?? "?"} ${addresses.map((one) => one ?? "-").join(" ")}`);
  return rows.sort(byName).join("; ");
}

/** Members whose corosync.conf differs in what all must have alike. */
export const corosyncConfig = defineRule({
  name: "corosync-config",
  doc: {
    area: "cluster",
    title: "corosync.conf differs between nodes",
    means:
      "Each node is of another opinion on who belongs to the cluster, how they speak or how long they wait: it shows at the next start, or in a partition.",
    levels: ["differs"],
    fires:
      "Two nodes' corosync.conf differ in the list of nodes and addresses, transport, encryption, times, multicast address and port, or votes and their rules.",
    not: "The cluster's name (told by itself), a node's own network address, logging, and a file that could not be read.",
    todo: "Make the file the same on all nodes, then corosync-cfgtool -R; some settings want a restart of Corosync, one node at a time.",
    needs: [97],
  },
  find(view) {
    const read = every(view, "corosync").flatMap(([key, entity]) => {
      const { settings } = entity.corosync;
      return settings === undefined || entity.said.level === "old"
        ? []
        : [{ key, node: entity.from.node, settings, nodes: nodesIn(entity) }];
    });
    if (read.length < 2) return [];
    const names = [...new Set(read.flatMap(({ settings }) => Object.keys(settings)))].sort(byName);
    const differing = (of: (one: (typeof read)[number]) => string) => {
      const by = new Map<string, string[]>();
      for (const one of read) by.set(of(one), [...(by.get(of(one)) ?? []), one.node].sort(byName));
      return by.size < 2 ? null : by;
    };
    const odd = names.flatMap((name) => {
      const by = differing(({ settings }) => settings[name] ?? "not set");
      return by === null
        ? []
        : [{ name, says: `${name}: ${joinWords([...by].map(([value, nodes]) => `${value} on ${joinWords(nodes)}`))}.` }];
    });
    const lists = differing(({ nodes }) => nodes ?? "none");
    if (lists)
      odd.unshift({
        name: "the list of nodes",
        says: `The list of nodes is not the same on ${joinWords(read.map(({ node }) => node).sort(byName))}.`,
      });
    if (odd.length === 0) return [];
    const rest = odd.length - NAMED;
    const told = odd.slice(0, NAMED).map(({ name }) => name);
    return [
      {
        id: "corosync-config",
        level: "differs" as const,
        title: `corosync.conf differs: ${joinWords(rest > 0 ? [...told, `${rest} more`] : told)}`,
        why: odd
          .slice(0, NAMED)
          .map(({ says }) => says)
          .join(" "),
        todo: "Compare /etc/corosync/corosync.conf on all nodes; when it is the same: corosync-cfgtool -R.",
        about: read.map(({ node }) => keyOf.corosync(node)),
      },
    ];
  },
});
