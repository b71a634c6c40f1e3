// SPDX-License-Identifier: Apache-2.0
import { addressOf, type LabNode, type Layout, RINGS } from "./layout";

/**
 * `/etc/corosync/corosync.conf`: no realtime scheduling and no root cgroup, which a namespace does not have. For three nodes the
 * token is 2,650 ms (corosync.conf(5), token_coefficient): less would lose nodes of a busy machine that are alive.
 */
export function corosyncConf(layout: Layout): string {
  const node = (each: LabNode) =>
    [
      "  node {",
      `    name: ${each.name}`,
      `    nodeid: ${each.id}`,
      ...RINGS.map((ring) => `    ring${ring}_addr: ${addressOf(each, ring)}`),
      "  }",
    ].join("\n");
  return `totem {
  version: 2
  cluster_name: hacluster
  transport: knet
  crypto_cipher: none
  crypto_hash: none
  token: 2000
}
system {
  move_to_root_cgroup: no
  sched_rr: no
}
logging {
  to_logfile: yes
  logfile: /var/log/corosync/corosync.log
  to_syslog: no
}
quorum {
  provider: corosync_votequorum
${layout.nodes.length === 2 ? "  two_node: 1\n" : ""}}
nodelist {
${layout.nodes.map(node).join("\n")}
}
`;
}

/** `/etc/hosts` of every node. */
export function hosts(layout: Layout): string {
  return ["127.0.0.1 localhost", ...layout.nodes.map((node) => `${addressOf(node, 0)} ${node.name}`), ""].join("\n");
}
