// SPDX-License-Identifier: Apache-2.0

import { type Cluster, memberOf, type SimNode } from "@/sim/model/model";
import { isQuorate } from "@/sim/model/quorum";
import { runsCorosync } from "@/sim/model/ring-life";
import { renderClusterConf, renderLockspaces, renderStatus } from "@/sim/text/locks";
import type { TreeFile, TreePart } from "./node-files";

const line = (value: string | number): TreeFile => ({ text: `${value}\n` });

/** What OCFS2 and the DLM show of themselves under /sys and /etc. */
export function lockFiles(cluster: Cluster, node: SimNode): TreePart[] {
  const parts: TreePart[] = [];
  const { o2cb } = node;
  if (o2cb) {
    const folder = `/sys/kernel/config/cluster/${o2cb.cluster}`;
    parts.push({
      name: "o2cb",
      mark: JSON.stringify(o2cb),
      files: () => ({
        "/etc/ocfs2/cluster.conf": { text: renderClusterConf(o2cb.cluster, o2cb.configured) },
        "/sys/fs/ocfs2/cluster_stack": line("o2cb"),
        "/sys/fs/ocfs2/loaded_cluster_plugins": line("o2cb"),
        "/sys/fs/ocfs2/active_cluster_plugin": line("o2cb"),
        "/sys/fs/ocfs2/max_locking_protocol": line("1.0"),
        [`${folder}/heartbeat/mode`]: line("local"),
        [`${folder}/heartbeat/dead_threshold`]: line(31),
        ...Object.fromEntries(
          o2cb.nodes.flatMap(({ name, number, address }): [string, TreeFile][] => [
            [`${folder}/node/${name}/num`, line(number)],
            [`${folder}/node/${name}/ipv4_address`, line(address)],
            [`${folder}/node/${name}/ipv4_port`, line(7777)],
            [`${folder}/node/${name}/local`, line(name === node.name ? 1 : 0)],
          ]),
        ),
      }),
    });
  }
  if (node.hasDlm) {
    const isRunning = runsCorosync(cluster, node.name);
    parts.push({
      name: "dlm",
      mark: String(isRunning),
      files: () =>
        Object.fromEntries(
          (isRunning ? cluster.lockspaces : []).flatMap(({ name, id }): [string, TreeFile][] => [
            [`/sys/kernel/dlm/${name}/id`, line(id)],
            [`/sys/kernel/dlm/${name}/nodir`, line(0)],
            [`/sys/kernel/dlm/${name}/recover_status`, line("0")],
            [`/sys/kernel/dlm/${name}/recover_nodeid`, line(0)],
          ]),
        ),
    });
  }
  return parts;
}

/** What dlm_tool answers. A member that is gone stays in every lockspace until it is fenced. */
export function dlmAnswers(cluster: Cluster, node: SimNode): TreePart[] {
  if (!node.hasDlm) return [];
  const isRunning = runsCorosync(cluster, node.name);
  const ids = (isIn: (name: string) => boolean) =>
    cluster.nodes.filter(({ role, name }) => role === "member" && isIn(name)).map(({ id }) => id);
  const lost = ids((name) => memberOf(cluster, name)?.isUnclean === true);
  const members = ids((name) => memberOf(cluster, name)?.isOnline === true || memberOf(cluster, name)?.isUnclean === true);
  const spaces = isRunning ? cluster.lockspaces.map((space) => ({ ...space, members, lost })) : [];
  return [
    {
      name: "dlm_tool",
      mark: JSON.stringify([spaces, isQuorate(cluster)]),
      files: () => ({
        "/dlm_tool-ls": { text: renderLockspaces(spaces) },
        "/dlm_tool-status": {
          text: isRunning ? renderStatus(node.id, isQuorate(cluster), members, lost) : "cannot connect to dlm_controld\n",
        },
      }),
    },
  ];
}
