// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf } from "@/agent/protocol/console/view";
import type { Ocfs2Cluster } from "@/agent/protocol/model/ocfs2";
import { byName, joinWords } from "@/server/cluster/words";
import { defineRule, every, type ViewSoFar } from "./define";

/** A lockspace stands still: every new lock in it hangs, and the file systems on it with them. */
export const dlmWaits = defineRule({
  name: "dlm-waits",
  doc: {
    area: "storage",
    title: "A DLM lockspace stands still",
    means: "Nobody gets a new lock in it: what is mounted over it hangs.",
    levels: ["bad"],
    fires: "dlm_tool says that a change of members waits for fencing, quorum or a file system.",
    not: "A lockspace whose reading is old.",
    todo: "Look at the fencing of the node that is gone; never fence_ack while it may still write.",
    needs: [108, 109],
  },
  find(view) {
    const waiting = new Map<string, { name: string; waitsFor: string; nodes: string[] }>();
    for (const [, { from, dlm, said }] of every(view, "dlm")) {
      if (said.level === "old") continue;
      for (const { name, waitsFor } of dlm.lockspaces) {
        if (waitsFor === null) continue;
        const known = waiting.get(`${name} ${waitsFor}`) ?? { name, waitsFor, nodes: [] };
        waiting.set(`${name} ${waitsFor}`, { ...known, nodes: [...known.nodes, from.node].sort(byName) });
      }
    }
    return [...waiting.values()].map(({ name, waitsFor, nodes }) => ({
      id: `dlm-waits:${name}/${waitsFor}`,
      level: "bad" as const,
      title: `DLM lockspace ${name} waits for ${waitsFor} on ${joinWords(nodes)}`,
      why: "Until that is done nobody gets a new lock in it: what is mounted or activated over it hangs.",
      todo:
        waitsFor === "fencing"
          ? "Look at the fencing of the node that is gone: stonith_admin --history '*'. Never dlm_tool fence_ack while it may still write."
          : `dlm_tool ls and dlm_tool status on ${nodes[0]} say what is missing.`,
      about: nodes.map(keyOf.dlm),
    }));
  },
});

/** A lockspace that is left in the kernel: the next start of the cluster finds it, and fences the node. */
export const dlmOrphan = defineRule({
  name: "dlm-orphan",
  doc: {
    area: "storage",
    title: "A lockspace is left without dlm_controld",
    means: "The next start of the cluster finds it and has the node fenced.",
    levels: ["risk"],
    fires: "The kernel has a lockspace, and dlm_controld is known not to list it.",
    not: "A node without dlm_tool: then it is not known.",
    todo: "Unmount what uses it before the cluster starts there.",
    needs: [108, 109],
  },
  find(view) {
    return every(view, "dlm").flatMap(([key, { from, dlm, said }]) => {
      const left = dlm.lockspaces.filter(({ inKernel, inDaemon }) => inKernel === true && inDaemon === false).map(({ name }) => name);
      if (said.level === "old" || left.length === 0) return [];
      return [
        {
          id: `dlm-orphan:${from.node}`,
          level: "risk" as const,
          title: `DLM on ${from.node} holds ${joinWords(left)} without dlm_controld`,
          why: "A dlm_controld that starts and finds a lockspace it did not make has its own node fenced.",
          todo: `Unmount and deactivate what uses ${left.length === 1 ? "it" : "them"} on ${from.node} before the cluster is started there again.`,
          about: [key],
        },
      ];
    });
  },
});

/** What is known of OCFS2 now: a node that is long gone differs from nobody. */
function current(view: ViewSoFar): [string, EntityOf<"ocfs2">][] {
  return every(view, "ocfs2").filter(([, { said }]) => said.level !== "old");
}

/** Nodes that run OCFS2 on different cluster stacks cannot mount one file system. */
export const ocfs2Stack = defineRule({
  name: "ocfs2-stack",
  doc: {
    area: "storage",
    title: "OCFS2 runs on different stacks",
    means: "A file system bears the name of its stack: the nodes of another cannot mount it.",
    levels: ["risk"],
    fires: "Two nodes say different stacks.",
    not: "Nodes without OCFS2 and old readings.",
    todo: "Never change a file system's stack while any node has it mounted.",
    needs: [107, 109],
  },
  find(view) {
    const stacks = grouped(
      current(view).flatMap(([, { from, ocfs2 }]) => (ocfs2.stack === null ? [] : [[ocfs2.stack, from.node] as const])),
    );
    if (stacks.size < 2) return [];
    return [
      {
        id: "ocfs2-stack",
        level: "risk" as const,
        title: `OCFS2 runs on different stacks: ${spell(stacks)}`,
        why: "A file system bears the name of its stack: the nodes of the other one cannot mount it.",
        todo: "Compare o2cb's or Pacemaker's set-up of these nodes. Never change a file system's stack (tunefs.ocfs2) while any node has it mounted.",
        about: [...stacks.values()].flat().map(keyOf.ocfs2),
      },
    ];
  },
});

/** /etc/ocfs2/cluster.conf must be the same on every node of its cluster, and the same as what runs. */
export const ocfs2Config = defineRule({
  name: "ocfs2-config",
  doc: {
    area: "storage",
    title: "cluster.conf of OCFS2 differs",
    means: "Nodes let each other in by what they find there.",
    levels: ["differs"],
    fires: "The file differs between nodes, or from what runs.",
    not: "A node that has no such cluster.",
    todo: "Make it the same on all of them.",
    needs: [110],
  },
  find(view) {
    const all = current(view);
    const names = new Set(all.flatMap(([, { ocfs2 }]) => (ocfs2.configured ?? []).map(({ name }) => name)));
    const drift = [...names].flatMap((name) => {
      const versions = grouped(
        all.flatMap(([, { from, ocfs2 }]) => {
          const own = ocfs2.configured?.find((cluster) => cluster.name === name);
          return own ? [[said(own), from.node] as const] : [];
        }),
      );
      if (versions.size < 2) return [];
      const nodes = [...versions.values()];
      return [
        {
          id: `ocfs2-config:${name}`,
          level: "differs" as const,
          title: `cluster.conf of OCFS2 cluster ${name} differs between ${joinWords(nodes.map((same) => joinWords(same)))}`,
          why: `${[...versions].map(([text, same]) => `${joinWords(same)}: ${text}`).join("; ")}.`,
          todo: "Make /etc/ocfs2/cluster.conf the same on all of them: o2cb lets a node in by what it finds there.",
          about: nodes.flat().map(keyOf.ocfs2),
        },
      ];
    });
    return [
      ...drift,
      ...all.flatMap(([key, { from, ocfs2 }]) =>
        (ocfs2.running ?? []).flatMap((running) => {
          const own = ocfs2.configured?.find(({ name }) => name === running.name);
          if (!own || nodesOf(own) === nodesOf(running)) return [];
          return [
            {
              id: `ocfs2-config:${from.node}/${running.name}`,
              level: "differs" as const,
              title: `${from.node} runs OCFS2 cluster ${running.name} otherwise than cluster.conf has it`,
              why: `It runs with ${nodesOf(running)}; cluster.conf has ${nodesOf(own)}.`,
              todo: `o2cb takes cluster.conf up when it is started: plan that for ${from.node} with nothing of it mounted there.`,
              about: [key],
            },
          ];
        }),
      ),
    ];
  },
});

function said(cluster: Ocfs2Cluster): string {
  const mode = cluster.heartbeatMode === null || cluster.heartbeatMode === "local" ? "" : `, heartbeat ${cluster.heartbeatMode}`;
  const regions = cluster.regions.length === 0 ? "" : `, regions ${cluster.regions.join(", ")}`;
  return `${nodesOf(cluster)}${mode}${regions}`;
}

function nodesOf({ nodes }: Ocfs2Cluster): string {
  return nodes.length === 0
    ? "no nodes"
    : nodes.map(({ name, number, address, port }) => `${number} ${name} ${address}:${port}`).join(", ");
}

function grouped(pairs: readonly (readonly [string, string])[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [what, node] of pairs) groups.set(what, [...(groups.get(what) ?? []), node].sort(byName));
  return groups;
}

function spell(groups: ReadonlyMap<string, readonly string[]>): string {
  return joinWords([...groups].map(([what, nodes]) => `${what} on ${joinWords(nodes)}`).sort(byName));
}
