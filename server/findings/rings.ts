// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf } from "@/agent/protocol/console/view";
import { joinWords } from "@/server/cluster/words";
import { defineRule, every, goneNodes, silentNodes, type ViewSoFar } from "./define";
import { aboutOf, OVER, STILL_SO } from "./standing";

type Ring = EntityOf<"ring">;
type Pair = Ring["pairs"][number];

/** A link of Corosync is down between nodes that are both there. Pacemaker shows nothing of it while another one lives. */
export const ringDown = defineRule({
  name: "ring-down",
  doc: {
    area: "cluster",
    title: "A ring is down",
    means: "A link of Corosync is down between two nodes that are both there; Pacemaker shows nothing of it while another lives.",
    levels: ["risk", "bad"],
    fires: "corosync-cfgtool says disconnected or faulty; bad when no other ring joins the two.",
    not: "Rings to a node that is gone, silent, or whose Corosync is stopped.",
    todo: "Look at its cables and switch ports.",
    needs: [62, 80, 134],
  },
  find(view) {
    const away = new Set([...goneNodes(view), ...silentNodes(view), ...stoppedNodes(view)]);
    const rings = every(view, "ring");
    return rings.flatMap(([key, ring]) => {
      const pairs = ring.pairs.filter(({ a, b, said }) => isBroken(said.level) && !away.has(a) && !away.has(b));
      const faulty = ring.pairs.length === 0 ? ring.ends.filter(({ node, said }) => isBroken(said.level) && !away.has(node)) : [];
      if (pairs.length === 0 && faulty.length === 0) return [];
      const nodes = [...new Set([...pairs.flatMap(({ a, b }) => [a, b]), ...faulty.map(({ node }) => node)])];
      const isCut = pairs.some(({ said }) => said.level === "bad");
      const title = faulty.length > 0 ? `Ring ${ring.link} is faulty on ${joinWords(nodes)}` : titleOf(ring, pairs);
      return [
        {
          id: `ring-down:${ring.link}`,
          level: isCut ? ("bad" as const) : ("risk" as const),
          title,
          headline: `${title[0]?.toLowerCase() ?? ""}${title.slice(1)}`,
          why: isCut
            ? "There is no other ring between them: each side may go on without the other."
            : `${others(pairs, rings)} carries; without it they lose each other. Pacemaker does not show this.`,
          todo: `Look at the cables and switch ports of ring ${ring.link}: ${joinWords(nodes.map((node) => endOf(ring, node)))}.`,
          about: [key, ...nodes.map(keyOf.corosync)],
        },
      ];
    });
  },
  // That a node on it is gone, or its Corosync stopped, mends no ring.
  over: (id, view) => {
    const ring = every(view, "ring").find(([, { link }]) => String(link) === aboutOf(id))?.[1];
    return [...(ring?.pairs ?? []), ...(ring?.ends ?? [])].some(({ said }) => isBroken(said.level)) ? STILL_SO : OVER;
  },
});

function isBroken(level: Pair["said"]["level"]): boolean {
  return level === "risk" || level === "bad";
}

function stoppedNodes(view: ViewSoFar): string[] {
  return every(view, "corosync").flatMap(([, { from, corosync }]) => (corosync.isRunning ? [] : [from.node]));
}

function titleOf({ link, pairs: all }: Ring, pairs: readonly Pair[]): string {
  const [only, more] = pairs;
  if (only && !more)
    return only.said.word === "down" ? `Ring ${link} between ${only.a} and ${only.b} is down` : `Ring ${link}: ${only.said.word}`;
  const nodes = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))];
  const alone = nodes.filter((node) => pairs.every(({ a, b }) => a === node || b === node));
  const [lost] = alone;
  const itsOwn = all.filter(({ a, b }) => a === lost || b === lost);
  if (lost !== undefined && itsOwn.length === pairs.length) return `${lost} is off ring ${link}`;
  if (pairs.length === all.length) return `Ring ${link} between ${joinWords(nodes)} is down`;
  return `Ring ${link} is down ${joinWords(pairs.map(({ a, b }) => `between ${a} and ${b}`))}`;
}

/** The one ring on which all these pairs still meet: "Ring 0 still", else "Another ring". */
function others(pairs: readonly Pair[], rings: readonly [string, Ring][]): string {
  const isWhole = (ring: Ring) =>
    pairs.every((pair) => ring.pairs.some(({ a, b, said }) => a === pair.a && b === pair.b && said.level === "ok"));
  const [only, more] = pairs.length === 0 ? [] : rings.filter(([, ring]) => isWhole(ring));
  return only && !more ? `Only ring ${only[1].link} still` : "Another ring still";
}

function endOf({ ends }: Ring, node: string): string {
  const address = ends.find((end) => end.node === node)?.address;
  return address ? `${node} ${address}` : node;
}

/** An address that nobody else can reach: most often the node's own name, which /etc/hosts gives to 127.0.1.1. */
export const ringLoopback = defineRule({
  name: "ring-loopback",
  doc: {
    area: "cluster",
    title: "A ring is on a loopback address",
    means: "No other node can reach it: mostly /etc/hosts gives the own name to 127.0.1.1.",
    levels: ["risk"],
    fires: "A node's ring address begins with 127. or is ::1.",
    not: "Every other address.",
    todo: "Take the node off the 127.0.1.1 line, restart Corosync there.",
    needs: [80],
  },
  find(view) {
    return every(view, "ring").flatMap(([key, { link, ends }]) =>
      ends
        .filter(({ address }) => address !== null && /^(?:127\.|::1$)/.test(address))
        .map(({ node, address }) => ({
          id: `ring-loopback:${node}/${link}`,
          level: "risk" as const,
          title: `Ring ${link} of ${node} is on ${address}`,
          headline: `ring ${link} of ${node} is on ${address}`,
          why: "No other node can reach a loopback address: this one forms a cluster of its own.",
          todo: `Take ${node} off the 127.0.1.1 line of /etc/hosts, or write its address into corosync.conf; then restart Corosync there.`,
          about: [key, keyOf.corosync(node)],
        })),
    );
  },
});

/** One ring between the nodes: good to know, nothing is wrong. */
export const ringSingle = defineRule({
  name: "ring-single",
  doc: {
    area: "cluster",
    title: "One ring only",
    means: "When what carries it fails, the nodes lose each other.",
    levels: ["absent"],
    fires: "All nodes know one link of Corosync.",
    not: "Two rings or more, and nodes whose links were not read.",
    todo: "Give it a second ring over another switch.",
    needs: [80, 134],
  },
  find(view) {
    const [only, more] = every(view, "ring");
    if (!only || more || only[1].ends.length < 2) return [];
    return [
      {
        id: "ring-single",
        level: "absent" as const,
        title: "Corosync has one ring only",
        why: "When what carries it fails, the nodes lose each other, and the cluster fences.",
        todo: "Give it a second ring over another switch.",
        about: [only[0]],
      },
    ];
  },
});
