// SPDX-License-Identifier: Apache-2.0

const NODES = ["ruby", "crystal", "jade", "opal"] as const;
const UUID = "a31bfd61-d9bb-41cb-912b-c146d092309c";

/** One operation in a node's history, as the local executor writes it. Source: Pacemaker 2.1.5 */
function operation(resource: string, kind: "start" | "monitor", node: string, code: number, call: number): string {
  const interval = kind === "monitor" && code === 0 ? 10_000 : 0;
  const id = interval === 0 ? `${resource}_last_0` : `${resource}_monitor_${interval}`;
  const magic = `0:${code};${call}:1:${code === 7 ? 7 : 0}:${UUID}`;
  return `<lrm_rsc_op id="${id}" operation_key="${resource}_${kind}_${interval}" operation="${kind}" crm-debug-origin="do_update_resource" crm_feature_set="3.16.1" transition-key="${call}:1:${code === 7 ? 7 : 0}:${UUID}" transition-magic="${magic}" exit-reason="" on_node="${node}" call-id="${call}" rc-code="${code}" op-status="0" interval="${interval}" last-rc-change="1763637000" exec-time="12" queue-time="0" op-digest="f2317cad3d54cec5d7d7aa7d0bf35cf8"/>`;
}

function primitive(id: string): string {
  return `<primitive id="${id}" class="ocf" provider="heartbeat" type="Filesystem"><instance_attributes id="${id}-ia"><nvpair id="${id}-device" name="device" value="/dev/drbd/by-res/${id}/0"/><nvpair id="${id}-directory" name="directory" value="/srv/${id}"/><nvpair id="${id}-fstype" name="fstype" value="ext4"/></instance_attributes><operations><op id="${id}-monitor" name="monitor" interval="10s" timeout="40s"/></operations></primitive>`;
}

/** A configuration and status of at least so many bytes: groups of four on four nodes, each resource with its history on all. `isStandby`: of the last node. */
export function largeCib(bytes: number, isStandby: boolean): string {
  const groups: string[] = [];
  const histories = NODES.map((): string[] => []);
  let size = 0;
  for (let group = 0; size < bytes; group += 1) {
    const home = group % (NODES.length - 1); // the last node runs nothing, so that standby moves nothing
    const members = Array.from({ length: 4 }, (_, index) => `fs_${group}_${index}`);
    const text = `<group id="g_${group}">${members.map(primitive).join("")}</group>`;
    groups.push(text);
    size += text.length;
    for (const [index, node] of NODES.entries()) {
      for (const id of members) {
        const ran =
          index === home
            ? operation(id, "start", node, 0, 20) + operation(id, "monitor", node, 0, 21)
            : operation(id, "monitor", node, 7, 10);
        const history = `<lrm_resource id="${id}" type="Filesystem" class="ocf" provider="heartbeat">${ran}</lrm_resource>`;
        histories[index]?.push(history);
        size += history.length;
      }
    }
  }
  const last = NODES.length - 1;
  const nodes = NODES.map((node, index) => {
    const standby = `<instance_attributes id="nodes-${index + 1}"><nvpair id="nodes-${index + 1}-standby" name="standby" value="${isStandby ? "on" : "off"}"/></instance_attributes>`;
    return `<node id="${index + 1}" uname="${node}">${index === last ? standby : ""}</node>`;
  });
  const states = NODES.map(
    (node, index) =>
      `<node_state id="${index + 1}" uname="${node}" in_ccm="true" crmd="online" crm-debug-origin="do_update_resource" join="member" expected="member"><lrm id="${index + 1}"><lrm_resources>${histories[index]?.join("") ?? ""}</lrm_resources></lrm></node_state>`,
  );
  return `<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="${isStandby ? 7 : 6}" num_updates="1" admin_epoch="0" cib-last-written="Fri Nov 20 11:22:1${isStandby ? 1 : 0} 2026" update-origin="ruby" update-client="crm_attribute" update-user="root" have-quorum="1" dc-uuid="1"><configuration><crm_config><cluster_property_set id="cib-bootstrap-options"><nvpair id="o1" name="stonith-enabled" value="false"/><nvpair id="o2" name="cluster-infrastructure" value="corosync"/><nvpair id="o3" name="dc-version" value="2.1.5-a3f44794f94"/></cluster_property_set></crm_config><nodes>${nodes.join("")}</nodes><resources>${groups.join("")}</resources><constraints/></configuration><status>${states.join("")}</status></cib>\n`;
}
