// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "@/agent/collectors/define";
import { excerpt, finishedLines, intOrNull } from "@/agent/collectors/text";
import type { Ocfs2Cluster, Ocfs2Node } from "@/agent/protocol/model/ocfs2";

const WHAT = "/etc/ocfs2/cluster.conf";
/** o2cb takes 255 nodes; a file with far more is none. */
const MAX_SECTIONS = 4_096;

/**
 * Parses cluster.conf of o2cb.
 *
 * Shape: sections `cluster:`, `node:`, `heartbeat:` at the beginning of a line, in each indented `key = value`; `#` begins a comment.
 * Keys and sections nobody asks for are passed over. Source: libo2cb and jconfig.c of ocfs2-tools 1.4 to 1.8; ocfs2.cluster.conf(5).
 * @throws ParseError when a line is none of these, or a node is of no cluster
 */
export function parseClusterConf(text: string): Ocfs2Cluster[] {
  const sections: { kind: string; values: Map<string, string> }[] = [];
  for (const line of finishedLines(WHAT, text)) {
    if (line === "" || line.trimStart().startsWith("#")) continue;
    const kind = /^(\w+):$/.exec(line)?.[1];
    if (kind !== undefined) {
      sections.push({ kind, values: new Map() });
      if (sections.length > MAX_SECTIONS) throw new ParseError(`${WHAT}: more than ${MAX_SECTIONS} sections`);
      continue;
    }
    const [, key, value] = /^\s+(\w+)\s*=\s*(.*)$/.exec(line) ?? [];
    const open = sections.at(-1);
    if (key === undefined || value === undefined || open === undefined) throw new ParseError(`${WHAT}: not a setting: ${excerpt(line)}`);
    open.values.set(key, value);
  }
  const clusters = new Map<string, Ocfs2Cluster>();
  for (const { kind, values } of sections) {
    if (kind !== "cluster") continue;
    const name = values.get("name");
    if (!name) throw new ParseError(`${WHAT}: a cluster without a name`);
    clusters.set(name, { ...EMPTY, name, nodes: [], regions: [], heartbeatMode: values.get("heartbeat_mode") ?? null });
  }
  for (const { kind, values } of sections) {
    if (kind !== "node" && kind !== "heartbeat") continue;
    const cluster = clusters.get(values.get("cluster") ?? "");
    if (!cluster) throw new ParseError(`${WHAT}: a ${kind} of no cluster: ${excerpt(values.get("name") ?? values.get("region") ?? "")}`);
    if (kind === "node") cluster.nodes.push(nodeOf(values));
    else cluster.regions.push(values.get("region") ?? "");
  }
  return [...clusters.values()].map((cluster) => ({ ...cluster, nodes: sortNodes(cluster.nodes), regions: cluster.regions.sort() }));
}

const EMPTY = { deadThreshold: null, localNode: null } as const;

function nodeOf(values: ReadonlyMap<string, string>): Ocfs2Node {
  const name = values.get("name");
  if (!name) throw new ParseError(`${WHAT}: a node without a name`);
  return {
    name,
    number: intOrNull(values.get("number")),
    address: values.get("ip_address") || null,
    port: intOrNull(values.get("ip_port")),
  };
}

/** By number, then by name: the order in which somebody wrote or listed them says nothing. */
export function sortNodes(nodes: readonly Ocfs2Node[]): Ocfs2Node[] {
  return [...nodes].sort((x, y) => (x.number ?? 0) - (y.number ?? 0) || (x.name < y.name ? -1 : 1));
}
