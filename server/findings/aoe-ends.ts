// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import { byName, joinWords } from "@/server/cluster/words";
import { defineRule, every } from "./define";
import { interfaceOf } from "./ways";

/** One shelf and slot served by two nodes: an initiator spreads its writes over both as if they were one disk. */
export const aoeTwice = defineRule({
  name: "aoe-twice",
  doc: {
    area: "paths",
    title: "One shelf.slot is served twice",
    means: "Initiators send to all targets of one name as if they were one disk: where these are not, both are broken.",
    levels: ["bad", "risk"],
    fires:
      "Two nodes run a vblade of the same name: bad where they serve different mirrors, at risk where what one serves is no mirror that is known here.",
    not: "Two Primaries of one mirror that may both write, and one node with several interfaces. Whether their networks meet is not known here.",
    todo: "Stop all but one, or give the others another shelf.slot.",
    needs: [34, 36, 43],
  },
  find(view) {
    const byShelf = new Map<string, [string, EntityOf<"export">][]>();
    for (const entry of every(view, "export")) {
      if (entry[1].said.level === "old") continue;
      byShelf.set(entry[1].export.name, [...(byShelf.get(entry[1].export.name) ?? []), entry]);
    }
    return [...byShelf].flatMap(([name, exports]) => {
      const nodes = [...new Set(exports.map(([, { from }]) => from.node))].sort(byName);
      if (nodes.length < 2) return [];
      const mirrors = [...new Set(exports.map(([, { mirror }]) => mirror))];
      const [only = null] = mirrors;
      // One mirror: DRBD decides who may write; a Secondary serves nobody.
      if (mirrors.length === 1 && only !== null) return [];
      const isApart = mirrors.every((mirror) => mirror !== null);
      const each = exports.map(([, { from, export: one }]) => `${one.device} on ${from.node}`).sort(byName);
      return [
        {
          id: `aoe-twice:${name}`,
          level: isApart ? ("bad" as const) : ("risk" as const),
          title: `${name} is served by ${joinWords(nodes)}${isApart ? " from different mirrors" : ""}`,
          why: `${joinWords(each)}. ${isApart ? "A client writes to both as if they were one disk." : "Whether they are copies of each other is not known here: a client takes them for one disk."}`,
          todo: "If one network reaches both: stop all but one, or give the others another shelf and slot.",
          about: exports.map(([key]) => key),
          joins: true,
        },
      ];
    });
  },
});

/** The two ends of an AoE path have different MTUs: what the larger one sends, the smaller one drops. */
export const aoeMtu = defineRule({
  name: "aoe-mtu",
  doc: {
    area: "paths",
    title: "MTUs differ along an AoE path",
    means: "Frames larger than the other end takes are dropped without a word: the disk hangs under large writes.",
    levels: ["risk"],
    fires: "The client's interface and the interface that the vblade serves on have different MTUs.",
    not: "Ends whose MTU is not known now. The switches between them are not read.",
    todo: "Set one MTU on both ends and on the switches between them.",
    needs: [49],
  },
  find(view) {
    return every(view, "aoe").flatMap(([key, { from, device, talksTo, said }]) => {
      if (said.level === "old") return [];
      const ends = talksTo.flatMap(({ node, export: of }) => {
        const served = of === null ? undefined : view.get(of);
        return node !== null && served?.kind === "export" ? [{ node, name: served.export.interface, key: of }] : [];
      });
      const odd = device.interfaces.flatMap((own) => {
        const mine = interfaceOf(view, from.node, own)?.mtu ?? null;
        return ends.flatMap(({ node, name, key: of }) => {
          const theirs = interfaceOf(view, node, name)?.mtu ?? null;
          return mine !== null && theirs !== null && mine !== theirs ? [{ own, mine, node, name, theirs, of }] : [];
        });
      });
      const [first] = odd;
      if (!first) return [];
      return [
        {
          id: `aoe-mtu:${from.node}/${device.name}`,
          level: "risk" as const,
          title: `${from.node}: ${device.name} goes from MTU ${first.mine} to ${first.theirs}`,
          why: `${first.own} here has ${first.mine}, ${first.name} of ${first.node} has ${first.theirs}: frames that do not fit are dropped without a word.`,
          todo: "Set one MTU on both ends and on the switches between them.",
          about: [key, ...odd.flatMap(({ of }) => (of === null ? [] : [of]))],
        },
      ];
    });
  },
});
