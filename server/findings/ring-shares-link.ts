// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import { byName, joinWords } from "@/server/cluster/words";
import { defineRule, every } from "./define";
import { wayTo } from "./ways";

/** All rings and the replication between two nodes on one interface: when it fails, both lose each other at once, and split. */
export const ringSharesLink = defineRule({
  name: "ring-shares-link",
  doc: {
    area: "network",
    title: "Replication and every ring share one link",
    means:
      "When it fails the nodes lose their mirror and each other in one moment: the way into a split brain where fencing does not work.",
    levels: ["absent"],
    fires:
      "By the routes of a node (of IPv6 by the nets of its addresses), its mirror's peer and all of Corosync's links to that same node leave by one interface, which has the node's own ends of them where its addresses are read.",
    not: "A ring over another interface; a bond that survives either of two switches; names in place of addresses, nets that were not read or are ambiguous, and lines whose own end is an address of another interface.",
    todo: "Give Corosync a second ring over another link, or DRBD a line of its own.",
    needs: [80, 134],
  },
  find(view) {
    const found = new Map<string, { node: string; peer: string; name: string; keys: string[] }>();
    for (const [key, side] of every(view, "drbd")) {
      const { node } = side.from;
      const corosync = view.get(keyOf.corosync(node));
      const mirror = view.get(side.mirror);
      if (corosync?.kind !== "corosync" || mirror?.kind !== "mirror" || side.said.level === "old" || corosync.said.level === "old")
        continue;
      for (const { node: peer } of mirror.copies) {
        if (peer === node) continue;
        const peerSide = mirror.copies.find((copy) => copy.node === peer)?.drbd;
        const theirs = peerSide ? view.get(peerSide) : undefined;
        const addresses = new Set(
          theirs?.kind === "drbd" ? (theirs.settings?.connections ?? []).map(({ local }) => local?.address ?? null) : [],
        );
        const lines = (side.settings?.connections ?? []).filter(({ remote }) => remote !== null && addresses.has(remote.address));
        const links = (corosync.corosync.links ?? []).filter(({ peerId }) => peerId !== null && corosync.names[String(peerId)] === peer);
        const ways = [
          ...lines.map(({ local, remote }) => wayTo(view, node, remote?.address ?? null, local?.address ?? null)),
          ...links.map(({ localAddress, remoteAddress }) => wayTo(view, node, remoteAddress, localAddress)),
        ];
        const [name = null] = ways;
        if (lines.length === 0 || links.length === 0 || name === null || ways.some((way) => way !== name)) continue;
        const bond = view.get(keyOf.bond(node, name));
        if (bond?.kind === "bond" && (bond.endurance?.switches.length ?? 0) > 1) continue;
        const id = `${node}/${peer}`;
        found.set(id, { node, peer, name, keys: [...(found.get(id)?.keys ?? [keyOf.corosync(node)]), key] });
      }
    }
    if (found.size === 0) return [];
    const each = [...found.values()].map(({ node, peer, name }) => `${name} of ${node} to ${peer}`).sort(byName);
    return [
      {
        id: "ring-shares-link",
        level: "absent" as const,
        title: "Replication and every ring share one link",
        why: `${joinWords(each.slice(0, 4))}: when it fails the nodes lose their mirror and each other in one moment.`,
        todo: "Give Corosync a second ring over another link.",
        about: [...new Set([...found.values()].flatMap(({ keys }) => keys))],
      },
    ];
  },
});
