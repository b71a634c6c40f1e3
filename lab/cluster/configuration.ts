// SPDX-License-Identifier: Apache-2.0
import type { LabNode, Layout } from "./layout";

/** The lab's services, by what they are for. Everything a test needs to name. */
export const RESOURCES = {
  /** A service of its own. */
  plain: "vm_mail",
  /** A group, started in this order; it runs where `promotable` is promoted. */
  group: "g_iscsi",
  members: ["p_target", "p_lun", "p_address"],
  /** An anonymous clone: one on every node. */
  clone: "cl_ping",
  cloned: "p_ping",
  /** DRBD's shape: two instances, one of them promoted; its state is the overlay tree's mirror. */
  promotable: "ms_drbd",
  promoted: "p_drbd",
} as const;

/** Nodes that hold a copy of the mirror; the others never run it. */
export const HOLDERS: readonly string[] = ["ruby", "crystal"];

/** The mirror that the promotable clone stands for, in the overlay tree. */
export const MIRROR = "store";

/** How long an operation of the lab's own agents may take. Units: s. Stop runs out before a test's patience does. */
const OP_SECONDS = { start: 15, stop: 10, monitor: 15, promote: 20, demote: 20, notify: 15 } as const;

const nvpair = (owner: string, name: string, value: string) => `<nvpair id="${owner}-${name}" name="${name}" value="${value}"/>`;
const meta = (owner: string, values: Readonly<Record<string, string>>) =>
  `<meta_attributes id="${owner}-meta">${Object.entries(values)
    .map(([name, value]) => nvpair(`${owner}-meta`, name, value))
    .join("")}</meta_attributes>`;

function op(owner: string, name: keyof typeof OP_SECONDS, interval = "0s", role?: string): string {
  const id = `${owner}-${name}${role === undefined ? "" : `-${role}`}`;
  return `<op id="${id}" name="${name}" interval="${interval}" timeout="${OP_SECONDS[name]}s"${role === undefined ? "" : ` role="${role}"`}/>`;
}

/** A service that starts, stops and fails as a test wants it: see `inside/ocf/service`. */
const service = (id: string) =>
  `<primitive id="${id}" class="ocf" provider="lab" type="service"><operations>${op(id, "start")}${op(id, "stop")}${op(id, "monitor", "10s")}</operations></primitive>`;

/** `type`: the lab's own, whose state is the overlay tree's mirror, or Pacemaker's example of the same shape. */
function promotable(id: string, [provider, type]: readonly [string, string]): string {
  const ops = [
    op(id, "start"),
    op(id, "stop"),
    op(id, "promote"),
    op(id, "demote"),
    op(id, "monitor", "10s", "Promoted"),
    op(id, "monitor", "11s", "Unpromoted"),
  ];
  return `<primitive id="${id}" class="ocf" provider="${provider}" type="${type}"><operations>${ops.join("")}</operations></primitive>`;
}

/** One power switch per node, as with a management board each; it never runs on the node that it switches off. */
const fence = ({ name }: LabNode) =>
  `<primitive id="fence_${name}" class="stonith" type="fence_lab"><instance_attributes id="fence_${name}-ia">${nvpair(`fence_${name}-ia`, "pcmk_host_list", name)}</instance_attributes><operations><op id="fence_${name}-monitor" name="monitor" interval="60s" timeout="20s"/></operations></primitive>`;

function location(resource: string, node: string): string {
  return `<rsc_location id="${resource}-not-on-${node}" rsc="${resource}" node="${node}" score="-INFINITY"/>`;
}

export interface Choices {
  /** Somebody outside answers the nodes: power switches, so fencing is on, and the mirror of the overlay tree. */
  isTended: boolean;
}

/**
 * The CIB that every node starts with: a storage service as it would stand on DRBD. `dc-deadtime` is in it from the first moment
 * (the default of 20 s is what starting takes). `startup-fencing` is off: nodes of a busy machine do not start at once.
 */
export function cib(layout: Layout, { isTended }: Choices): string {
  const options = {
    "stonith-enabled": String(isTended),
    "stonith-timeout": "30s",
    "startup-fencing": "false",
    "dc-deadtime": "2s",
    "cluster-name": "hacluster",
    "cluster-infrastructure": "corosync",
  };
  const { plain, group, members, clone, cloned, promotable: ms, promoted } = RESOURCES;
  const mirror = promotable(promoted, isTended ? ["lab", "mirror"] : ["pacemaker", "Stateful"]);
  const resources = [
    service(plain),
    `<group id="${group}">${members.map(service).join("")}</group>`,
    `<clone id="${clone}">${meta(clone, { interleave: "true" })}<primitive id="${cloned}" class="ocf" provider="pacemaker" type="Dummy"><operations><op id="${cloned}-monitor" name="monitor" interval="10s" timeout="20s"/></operations></primitive></clone>`,
    `<clone id="${ms}">${meta(ms, { promotable: "true", "promoted-max": "1", "clone-max": "2", notify: "true" })}${mirror}</clone>`,
    ...(isTended ? layout.nodes.map(fence) : []),
  ];
  const constraints = [
    `<rsc_colocation id="iscsi-with-drbd" rsc="${group}" with-rsc="${ms}" with-rsc-role="Promoted" score="INFINITY"/>`,
    `<rsc_order id="drbd-before-iscsi" first="${ms}" first-action="promote" then="${group}" then-action="start"/>`,
    ...layout.nodes.filter(({ name }) => !HOLDERS.includes(name)).map(({ name }) => location(ms, name)),
    ...(isTended ? layout.nodes.map(({ name }) => location(`fence_${name}`, name)) : []),
  ];
  const properties = Object.entries(options).map(([name, value]) => nvpair("cib-bootstrap-options", name, value));
  const nodes = layout.nodes.map(({ id, name }) => `<node id="${id}" uname="${name}"/>`);
  return `<cib crm_feature_set="3.1.0" validate-with="pacemaker-3.7" epoch="1" num_updates="0" admin_epoch="0"><configuration><crm_config><cluster_property_set id="cib-bootstrap-options">${properties.join("")}</cluster_property_set></crm_config><nodes>${nodes.join("")}</nodes><resources>${resources.join("")}</resources><constraints>${constraints.join("")}</constraints><rsc_defaults>${meta("rsc-defaults", { "resource-stickiness": "10" })}</rsc_defaults><op_defaults>${meta("op-defaults", { "record-pending": "true" })}</op_defaults></configuration><status/></cib>
`;
}
