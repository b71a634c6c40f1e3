// SPDX-License-Identifier: Apache-2.0
import { joinWords } from "@/server/cluster/words";
import { clusterOf, defineRule, every } from "./define";
import { NOT_KNOWN, OVER } from "./standing";

/** The cluster says that a node is gone. Services that are remembered there are told here: they are the same news. */
export const nodeGone = defineRule({
  name: "node-gone",
  doc: {
    area: "nodes",
    title: "A node is gone",
    means: "The cluster says offline or unclean. Its mirrors, paths and fencing follow from it.",
    levels: ["bad"],
    fires: "Pacemaker of a quorate side shows it offline or unclean.",
    not: "Without quorum (everybody else looks gone then), standby, and a node that only its agent does not answer for.",
    todo: "See whether it is fenced; its last kernel lines are kept.",
    needs: [82, 105],
  },
  find(view) {
    // Without quorum everybody else looks gone: that is the missing quorum's finding.
    if (clusterOf(view)?.pacemaker?.quorum.level === "bad") return [];
    return every(view, "node").flatMap(([key, node]) => {
      if (node.state.level !== "bad") return [];
      const remembered = every(view, "resource").filter(
        ([, service]) =>
          service.parents.length === 0 &&
          // What runs on many nodes is not missed with one, and a fencing device fences from anywhere.
          (service.type === "primitive" || service.type === "group" || service.type === "bundle") &&
          !service.agent?.startsWith("stonith:") &&
          service.places.some((place) => place.node === node.name && place.said.word.startsWith("was on")),
      );
      const why = [node.state.why ?? ""];
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
              : `Find out why ${node.name} left: its page has who fenced it, and its last kernel lines.`,
          about: [key, ...remembered.map(([serviceKey]) => serviceKey)],
        },
      ];
    });
  },
  over: (_, view) => {
    const pacemaker = clusterOf(view)?.pacemaker;
    return pacemaker && pacemaker.quorum.level !== "ok" ? NOT_KNOWN : OVER;
  },
});
