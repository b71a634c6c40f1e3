// SPDX-License-Identifier: Apache-2.0
import { joinWords } from "@/server/cluster/words";
import { clusterOf, defineRule, every } from "./define";

/** No side that is heard has quorum, or says whether it has. */
export const noQuorum = defineRule({
  name: "no-quorum",
  doc: {
    area: "cluster",
    title: "No quorum",
    means:
      "The side that is heard has no majority: by default it stops its services. Where nobody says it, nothing that runs may be believed.",
    levels: ["bad", "unknown"],
    fires: "Pacemaker says with_quorum false; or no node says whether there is one.",
    not: "One silent side while the other is quorate.",
    todo: "Look at the line between the nodes first.",
    needs: [82],
  },
  find(view) {
    const pacemaker = clusterOf(view)?.pacemaker;
    if (pacemaker?.quorum.level === "unknown") {
      return [
        {
          id: "no-quorum",
          level: "unknown" as const,
          title: "Whether there is a quorum is not known",
          headline: "whether there is a quorum is not known",
          why: `${pacemaker.from.node}'s Pacemaker does not say: what it shows as running may not be.`,
          todo: `Run crm_mon -1 on ${pacemaker.from.node}: without an elected DC no node says it.`,
          about: ["cluster"],
        },
      ];
    }
    if (pacemaker?.quorum.level !== "bad") return [];
    const gone = every(view, "node").filter(([, node]) => node.state.level === "bad");
    const seen = gone.length === 0 ? "" : ` It sees ${joinWords(gone.map(([, node]) => `${node.name} ${node.state.word}`))}.`;
    return [
      {
        id: "no-quorum",
        level: "bad" as const,
        title: "The cluster has no quorum",
        headline: "the cluster has no quorum",
        why: `${pacemaker.from.node}'s side has no majority: by default it stops its services and starts none.${seen}`,
        todo: "Look at the line between the nodes first; start the missing ones only when it is clear that they are down.",
        about: ["cluster", ...gone.map(([key]) => key)],
      },
    ];
  },
});

/** Two sides of a partition tell different stories. */
export const opinionsDiffer = defineRule({
  name: "opinions-differ",
  doc: {
    area: "cluster",
    title: "Two sides tell different stories",
    means: "In a partition each side may act on its own.",
    levels: ["bad"],
    fires: "Two nodes that are heard describe quorum or membership in ways that exclude each other.",
    not: "A node that is only late, and one whose Pacemaker is stopped.",
    todo: "Look at the rings between them.",
    needs: [82, 130],
  },
  find(view) {
    const cluster = clusterOf(view);
    if (!cluster?.pacemaker || cluster.dissent.length === 0) return [];
    const shown = cluster.pacemaker.from.node;
    const others = cluster.dissent.map(({ node }) => node);
    return [
      {
        id: "opinions-differ",
        level: "bad" as const,
        title: `${joinWords([shown, ...others])} see the cluster differently`,
        why: `Shown is ${shown}'s word. ${cluster.dissent.map(({ node, says }) => `${node} ${says}.`).join(" ")}`,
        todo: "Look at the rings between them: until they agree, each side may act on its own.",
        about: ["cluster", ...[shown, ...others].map((node) => `node:${node}`)],
      },
    ];
  },
});
