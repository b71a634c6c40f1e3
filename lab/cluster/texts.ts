// SPDX-License-Identifier: Apache-2.0
import { addressOf, type Lab, RINGS } from "./lab";

/** `/etc/corosync/corosync.conf`: no realtime scheduling and no root cgroup, which a namespace does not have. */
export function corosyncConf(lab: Lab): string {
  const node = (each: Lab["nodes"][number]) =>
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
  token: 1000
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
${lab.nodes.length === 2 ? "  two_node: 1\n" : ""}}
nodelist {
${lab.nodes.map(node).join("\n")}
}
`;
}

/** `/etc/hosts` of every node. */
export function hosts(lab: Lab): string {
  return ["127.0.0.1 localhost", ...lab.nodes.map((node) => `${addressOf(node, 0)} ${node.name}`), ""].join("\n");
}

const monitored = (id: string, everySeconds: number, type = "Dummy") =>
  `<primitive id="${id}" class="ocf" provider="pacemaker" type="${type}"><operations>${
    type === "Stateful"
      ? `<op id="${id}-monitor-1" name="monitor" interval="${everySeconds}s" role="Promoted"/><op id="${id}-monitor-2" name="monitor" interval="${everySeconds + 1}s" role="Unpromoted"/>`
      : `<op id="${id}-monitor" name="monitor" interval="${everySeconds}s"/>`
  }</operations></primitive>`;

/** What runs on the cluster, by section of the configuration: a storage service as it would stand on DRBD, of agents that need no hardware. */
export const CONFIGURATION: readonly { section: string; xml: string }[] = [
  {
    section: "crm_config",
    xml: `<cluster_property_set id="cib-bootstrap-options"><nvpair id="stonith-off" name="stonith-enabled" value="false"/><nvpair id="dead-time" name="dc-deadtime" value="3s"/></cluster_property_set>`,
  },
  {
    section: "resources",
    xml: `<resources>${monitored("vm_mail", 10)}<group id="g_iscsi">${monitored("p_target", 10)}${monitored("p_lun", 10)}${monitored("p_address", 10)}</group><clone id="cl_ping"><meta_attributes id="cl_ping-meta"><nvpair id="cl_ping-interleave" name="interleave" value="true"/></meta_attributes>${monitored("p_ping", 10)}</clone><clone id="ms_drbd"><meta_attributes id="ms_drbd-meta"><nvpair id="ms_drbd-promotable" name="promotable" value="true"/><nvpair id="ms_drbd-max" name="promoted-max" value="1"/><nvpair id="ms_drbd-clone-max" name="clone-max" value="2"/><nvpair id="ms_drbd-notify" name="notify" value="true"/></meta_attributes>${monitored("p_drbd", 10, "Stateful")}</clone></resources>`,
  },
  {
    section: "constraints",
    xml: `<constraints><rsc_colocation id="iscsi-with-drbd" rsc="g_iscsi" with-rsc="ms_drbd" with-rsc-role="Promoted" score="INFINITY"/><rsc_order id="drbd-before-iscsi" first="ms_drbd" first-action="promote" then="g_iscsi" then-action="start"/></constraints>`,
  },
];
