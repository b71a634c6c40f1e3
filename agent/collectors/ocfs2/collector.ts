// SPDX-License-Identifier: Apache-2.0
import { defineCollector } from "@/agent/collectors/define";
import { intOrNull } from "@/agent/collectors/text";
import { inOrder, readPart } from "@/agent/collectors/unread";
import type { Host } from "@/agent/host/host";
import type { Unread } from "@/agent/protocol/errors";
import type { Ocfs2Cluster, Ocfs2Node } from "@/agent/protocol/model/ocfs2";
import { parseClusterConf, sortNodes } from "./parse-conf";

const SYSFS = "/sys/fs/ocfs2";
const CONFIGFS = "/sys/kernel/config/cluster";
const CONF = "/etc/ocfs2/cluster.conf";

/**
 * OCFS2 and its cluster stack on this node. Everything in it is steady.
 * Source: fs/ocfs2/stackglue.c, fs/ocfs2/cluster/nodemanager.c and heartbeat.c, Linux 2.6.26 to 6.12.
 */
export const ocfs2 = defineCollector({
  name: "ocfs2",
  reads: `${SYSFS}, ${CONFIGFS}, ${CONF}`,
  everyMs: 5_000,
  absentEveryMs: 15_000,
  timeoutMs: 10_000,
  async read(host) {
    const problems: Unread[] = [];
    const part = <V>(what: string, read: () => Promise<V | null>) => readPart(problems, what, read);
    const files = await host.list(SYSFS);
    const conf = await part("cluster.conf", () => host.read(CONF));
    if (files === null && conf === null && problems.length === 0) return null;
    const configured = conf === null ? null : await part("cluster.conf", async () => parseClusterConf(conf));
    const running = files === null ? null : await part("running o2cb cluster", () => readRunning(host));
    const line = async (name: string) => (files === null ? null : await part(name, () => host.read(`${SYSFS}/${name}`)));
    const [stack, plugins, active, protocol] = await Promise.all(FILES.map(line));
    return {
      isLoaded: files !== null,
      stack: stack?.trim() || null,
      loadedPlugins: (plugins ?? "").split("\n").filter((name) => name !== ""),
      activePlugin: active?.trim() || null,
      lockingProtocol: protocol?.trim() || null,
      running,
      configured,
      unread: inOrder(problems),
    };
  },
});

/** Each is empty until there is something to say. */
const FILES = ["cluster_stack", "loaded_cluster_plugins", "active_cluster_plugin", "max_locking_protocol"];

/** The clusters in configfs; null where o2cb is not loaded. */
async function readRunning(host: Host): Promise<Ocfs2Cluster[] | null> {
  const names = await host.list(CONFIGFS);
  if (names === null) return null;
  const clusters = await Promise.all(names.map((name) => readCluster(host, name)));
  return clusters.filter((cluster) => cluster !== null);
}

/** One cluster; null when it was taken away meanwhile, or is no folder. */
async function readCluster(host: Host, name: string): Promise<Ocfs2Cluster | null> {
  const folder = `${CONFIGFS}/${name}`;
  const nodes = await host.list(`${folder}/node`);
  if (nodes === null) return null;
  const read = await Promise.all(nodes.map((node) => readNode(host, `${folder}/node/${node}`, node)));
  const whole = read.filter((node) => node !== null);
  const heartbeat = (await host.list(`${folder}/heartbeat`)) ?? [];
  const [mode, threshold] = await Promise.all(["mode", "dead_threshold"].map((file) => host.read(`${folder}/heartbeat/${file}`)));
  return {
    name,
    nodes: sortNodes(whole.map(({ node }) => node)),
    heartbeatMode: mode?.trim() || null,
    deadThreshold: intOrNull(threshold?.trim()),
    // A region's folder bears its UUID; the files beside it do not.
    regions: heartbeat.filter((entry) => /^[0-9A-F]{32}$/i.test(entry)),
    localNode: whole.find(({ isLocal }) => isLocal)?.node.name ?? null,
  };
}

async function readNode(host: Host, folder: string, name: string): Promise<{ node: Ocfs2Node; isLocal: boolean } | null> {
  const [number, address, port, local] = await Promise.all(
    ["num", "ipv4_address", "ipv4_port", "local"].map((file) => host.read(`${folder}/${file}`)),
  );
  if (number === null || number === undefined) return null;
  return {
    node: { name, number: intOrNull(number.trim()), address: address?.trim() || null, port: intOrNull(port?.trim()) },
    isLocal: local?.trim() === "1",
  };
}
