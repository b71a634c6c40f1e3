// SPDX-License-Identifier: Apache-2.0
import { joinWords } from "@/server/cluster/words";
import { clusterOf, defineRule, every, mirrorName, type ViewSoFar } from "./define";

/** The cluster says that a node is gone. What follows from that (mirrors with one copy left, services remembered there) is told here. */
export const nodeGone = defineRule({
  name: "node-gone",
  find(view) {
    // Without quorum everybody else looks gone: that is the missing quorum's finding.
    if (clusterOf(view)?.pacemaker?.quorum.level === "bad") return [];
    return every(view, "node").flatMap(([key, node]) => {
      if (node.state.level !== "bad") return [];
      const mirrors = mirrorsLeftAlone(view, node.name);
      const remembered = every(view, "resource").filter(
        ([, service]) =>
          service.parents.length === 0 &&
          // What runs on many nodes is not missed with one, and a fencing device fences from anywhere.
          (service.type === "primitive" || service.type === "group" || service.type === "bundle") &&
          !service.agent?.startsWith("stonith:") &&
          service.places.some((place) => place.node === node.name && place.said.word.startsWith("was on")),
      );
      const why = [node.state.why ?? ""];
      for (const [holder, names] of mirrors.byHolder) why.push(`Only ${holder} holds ${joinWords(names)} now.`);
      if (remembered.length > 0) why.push(`Last seen on it: ${joinWords(remembered.map(([, service]) => service.id))}.`);
      return [
        {
          id: `node-gone:${node.name}`,
          level: "bad" as const,
          title: `${node.name} is ${node.state.word}`,
          why: why.filter((sentence) => sentence !== "").join(" "),
          todo:
            node.state.word === "unclean"
              ? `See whether the cluster fences ${node.name}: until then its services may not start elsewhere.`
              : `Find out why ${node.name} left: its last kernel lines are kept here.`,
          about: [key, ...mirrors.keys, ...remembered.map(([serviceKey]) => serviceKey)],
        },
      ];
    });
  },
});

/** Mirrors of which one node alone holds all, because this node is gone. */
function mirrorsLeftAlone(view: ViewSoFar, node: string): { byHolder: Map<string, string[]>; keys: string[] } {
  const byHolder = new Map<string, string[]>();
  const keys: string[] = [];
  for (const [key, mirror] of every(view, "mirror")) {
    if (!mirror.onlyHolder || mirror.onlyHolder === node || !mirror.copies.some((copy) => copy.node === node)) continue;
    byHolder.set(mirror.onlyHolder, [...(byHolder.get(mirror.onlyHolder) ?? []), mirrorName(mirror)]);
    keys.push(key);
  }
  return { byHolder, keys };
}
