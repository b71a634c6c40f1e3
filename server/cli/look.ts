// SPDX-License-Identifier: Apache-2.0
import { SafetyAnswer } from "@/agent/protocol/console/commands";
import { keyOf } from "@/agent/protocol/console/view";
import { CliError } from "./cli-error";
import { askConsole } from "./console-client";
import type { Word } from "./define";
import { clusterHolding, clusterList } from "./where";

const WRONG: ReadonlySet<string> = new Set(["risk", "bad", "differs"]);

/** How each cluster stands. Exit 0: nothing known is wrong. 1: something is. 2: cannot tell of one. */
export const status: Word = {
  name: "status",
  usage: "[CLUSTER]",
  does: "How the clusters stand. Exit 0: nothing known is wrong; 1: something is; 2: cannot tell.",
  async run(address, [slug], { json }) {
    const all = await clusterList(address);
    const clusters = all.clusters.filter((cluster) => slug === undefined || cluster.slug === slug);
    if (slug !== undefined && clusters.length === 0) throw new CliError(`This console has no cluster ${slug}.`, 2);
    const lines = clusters.flatMap(({ title, slug: name, environment, headline, why, nodes }) => [
      `${name}${environment ? ` [${environment}]` : ""}  ${title}: ${headline}${why ? `. ${why}` : ""}`,
      ...nodes.map((node) => `  ${node.name.padEnd(16)} ${node.state}${node.link === "live" ? "" : ` (agent ${node.link})`}`),
    ]);
    const isWrong = clusters.some(({ level }) => WRONG.has(level));
    const isUnsure = clusters.some(({ level }) => level === "unknown" || level === "old");
    return { text: json ? `${JSON.stringify({ ...all, clusters })}\n` : `${lines.join("\n")}\n`, exitCode: isWrong ? 1 : isUnsure ? 2 : 0 };
  },
};

/** "Is it safe to take this node down now?" Exit 0: yes. 1: no. 2: cannot tell. */
export const safe: Word = {
  name: "safe",
  usage: "NODE",
  does: "Is it safe to take this node down now? Exit 0: yes; 1: no; 2: cannot tell.",
  async run(address, [node], { cluster, json }) {
    if (node === undefined) throw new CliError("Name a node.", 2);
    const slug = await clusterHolding(address, keyOf.node(node), cluster);
    const route = `/api/v1/clusters/${encodeURIComponent(slug)}/nodes/${encodeURIComponent(node)}/safety`;
    const verdict = await askConsole(address, "GET", route, SafetyAnswer);
    const exitCode = { yes: 0, no: 1, unknown: 2 }[verdict.answer];
    const lines = [verdict.says, ...verdict.reasons.map(({ level, message }) => `  ${level}: ${message}`)];
    return { text: json ? `${JSON.stringify(verdict)}\n` : `${lines.join("\n")}\n`, exitCode };
  },
};
