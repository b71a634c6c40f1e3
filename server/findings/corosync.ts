// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import { byName, joinWords } from "@/server/cluster/words";
import { clusterOf, defineRule, every, goneNodes, silentNodes } from "./define";
import { aboutOf, findingIn, OVER, partOf, STILL_SO } from "./standing";

/** Pacemaker is set up on a node, and the Corosync below it does not run. */
export const corosyncStopped = defineRule({
  name: "corosync-stopped",
  doc: {
    area: "cluster",
    title: "Corosync does not run",
    means: "Pacemaker is set up there; without Corosync the node is no member.",
    levels: ["risk"],
    fires: "The tools are installed, nothing answers them, and Pacemaker is there.",
    not: "A client without Pacemaker, and a node that is silent.",
    todo: "systemctl status corosync pacemaker says why.",
    needs: [79, 82],
  },
  find(view) {
    const away = silentNodes(view);
    return every(view, "corosync").flatMap(([key, { from, corosync, said }]) => {
      const pacemaker = view.get(keyOf.source(from.node, "pacemaker"));
      const isExpected = pacemaker?.kind === "source" && pacemaker.status !== "absent";
      if (corosync.isRunning || !isExpected || said.level === "old" || away.has(from.node)) return [];
      return [
        {
          id: `corosync-stopped:${from.node}`,
          level: "risk" as const,
          title: `Corosync does not run on ${from.node}`,
          why: `Pacemaker is set up there, but without Corosync ${from.node} is no member of the cluster.`,
          todo: `systemctl status corosync pacemaker on ${from.node} says why they stopped.`,
          about: [key, `node:${from.node}`],
        },
      ];
    });
  },
});

/** Corosync on a node has no quorum, and no side of Pacemaker that is shown says so. */
export const corosyncQuorum = defineRule({
  name: "corosync-quorum",
  doc: {
    area: "cluster",
    title: "Corosync has no quorum",
    means: "Corosync on one node has none, and no Pacemaker that is shown says so.",
    levels: ["bad"],
    fires: "corosync-quorumtool says not quorate on a node that is heard, and no other finding tells it.",
    not: "The same news told by Pacemaker, and nodes that are gone.",
    todo: "See whom it still counts: corosync-quorumtool -s.",
    needs: [82],
  },
  find(view) {
    const cluster = clusterOf(view);
    const isTold = cluster?.pacemaker?.quorum.level === "bad";
    const dissenters = new Set(cluster?.dissent.map(({ node }) => node));
    const away = new Set([...goneNodes(view), ...silentNodes(view)]);
    return every(view, "corosync").flatMap(([key, { from, said }]) => {
      if (said.level !== "bad" || isTold || dissenters.has(from.node) || away.has(from.node)) return [];
      const shown = cluster?.pacemaker;
      const other = shown ? `${shown.from.node}'s Pacemaker says: ${shown.quorum.word}. ` : "";
      return [
        {
          id: `corosync-quorum:${from.node}`,
          level: "bad" as const,
          title: `Corosync on ${from.node} has no quorum`,
          why: `${other}Without a majority that side stops its services and starts none.`,
          todo: `corosync-quorumtool -s on ${from.node} shows whom it still counts.`,
          about: [key],
        },
      ];
    });
  },
  over: (id, view) => {
    const corosync = view.get(keyOf.corosync(aboutOf(id)));
    if (corosync?.kind !== "corosync" || corosync.said.level !== "bad") return OVER;
    const told = findingIn(view, "no-quorum");
    return told ? { is: "ended", end: "partOf", level: told.level, says: partOf(told.title) } : STILL_SO;
  },
});

/** Nodes whose Corosync bears different cluster names are not of one cluster. The name is never what joins them here. */
export const corosyncNames = defineRule({
  name: "corosync-names",
  doc: {
    area: "cluster",
    title: "Corosync's cluster name differs",
    means: "Nodes of different names are not of one cluster, or will not be after the next start.",
    levels: ["differs"],
    fires: "corosync.conf of two nodes has different cluster names.",
    not: "A node whose file could not be read.",
    todo: "Compare cluster_name on each of them.",
    needs: [97],
  },
  find(view) {
    const byCluster = new Map<string, string[]>();
    for (const [, { from, corosync, said }] of every(view, "corosync")) {
      if (corosync.clusterName !== null && said.level !== "old")
        byCluster.set(corosync.clusterName, [...(byCluster.get(corosync.clusterName) ?? []), from.node].sort(byName));
    }
    if (byCluster.size < 2) return [];
    const parts = [...byCluster].map(([name, nodes]) => `${name} on ${joinWords(nodes)}`).sort(byName);
    return [
      {
        id: "corosync-names",
        level: "differs" as const,
        title: `Corosync's cluster name differs: ${joinWords(parts)}`,
        why: "Corosync joins only nodes of one name: these are not of one cluster, or will not be after its next start.",
        todo: "Compare cluster_name in /etc/corosync/corosync.conf on each of them.",
        about: [...byCluster.values()].flat().sort(byName).map(keyOf.corosync),
      },
    ];
  },
});
