// SPDX-License-Identifier: Apache-2.0
import { valueIn } from "@/agent/collectors/pacemaker/cib-resources";
import { child, childrenOf, word } from "@/agent/collectors/pacemaker/fields";
import type { Versions } from "@/agent/protocol/model/versions";
import type { XmlElement } from "@/agent/xml";

export type Need = Omit<NonNullable<Versions["needs"]>[number], "isThere">;
type Found = Omit<Need, "resource">;
type Parameter = (name: string) => string | null;

/** Most needs looked for on one node; hypervisors run hundreds of services. */
const MAX_NEEDS = 1_024;
/** What may be asked of the node: a name without a folder, so that no path comes out of the CIB. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}$/;
/** Configuration is looked for below /etc alone: what lies elsewhere is mostly on a disk that comes with the service. */
const CONFIG_FILE = /^\/etc(?:\/[A-Za-z0-9@+_-][A-Za-z0-9._@+-]{0,127}){1,8}$/;

const tools = (...names: string[]): Found[] => names.map((name) => ({ kind: "tool", name }));
const modules = (...names: string[]): Found[] => names.map((name) => ({ kind: "module", name }));
const file = (path: string | null): Found[] => (path !== null && CONFIG_FILE.test(path) ? [{ kind: "file", name: path }] : []);

/** Targets by their implementation; without one the agent takes what it finds. Source: ocf:heartbeat:iSCSITarget, resource-agents 4.12. */
const TARGETS: Readonly<Record<string, readonly Found[]>> = {
  "lio-t": [...tools("targetcli"), ...modules("iscsi_target_mod")],
  lio: [...tools("tcm_node", "lio_node"), ...modules("iscsi_target_mod")],
  tgt: tools("tgtadm"),
  iet: tools("ietadm"),
  scst: tools("scstadmin"),
};
const served = (parameter: Parameter) => [...(TARGETS[parameter("implementation") ?? ""] ?? [])];

/** File systems that are modules of their own, or have a program to mount them. */
const FILE_SYSTEMS: Readonly<Record<string, readonly Found[]>> = {
  ocfs2: [...tools("mount.ocfs2"), ...modules("ocfs2")],
  gfs2: modules("gfs2"),
  xfs: modules("xfs"),
  btrfs: modules("btrfs"),
  nfs: tools("mount.nfs"),
  nfs4: tools("mount.nfs"),
  cifs: tools("mount.cifs"),
  glusterfs: tools("mount.glusterfs"),
};

/** What an agent itself checks for before it starts anything. Source: its script in resource-agents 4.12 and drbd-utils 9.22. */
const OF_AGENT: Readonly<Record<string, (parameter: Parameter) => Found[]>> = {
  "linbit:drbd": (parameter) => [
    ...tools("drbdadm"),
    ...modules("drbd"),
    ...[parameter("drbd_resource") ?? ""].filter((name) => NAME.test(name)).map((name): Found => ({ kind: "drbdResource", name })),
  ],
  "heartbeat:Filesystem": (parameter) => [...(FILE_SYSTEMS[parameter("fstype") ?? ""] ?? [])],
  "heartbeat:LVM": () => tools("vgchange"),
  "heartbeat:LVM-activate": () => tools("vgchange"),
  "heartbeat:ZFS": () => [...tools("zpool", "zfs"), ...modules("zfs")],
  "heartbeat:mdraid": () => tools("mdadm"),
  "heartbeat:Raid1": () => tools("mdadm"),
  "heartbeat:iSCSITarget": served,
  "heartbeat:iSCSILogicalUnit": served,
  "heartbeat:iscsi": () => tools("iscsiadm"),
  "heartbeat:AoEtarget": () => tools("vblade"),
  "heartbeat:exportfs": () => tools("exportfs"),
  "heartbeat:VirtualDomain": (parameter) => [...tools("virsh"), ...file(parameter("config"))],
  "heartbeat:Xen": (parameter) => file(parameter("xmfile")),
  "heartbeat:apache": (parameter) => file(parameter("configfile")),
  "heartbeat:nginx": (parameter) => file(parameter("configfile")),
  "heartbeat:mysql": (parameter) => file(parameter("config")),
  "heartbeat:mariadb": (parameter) => file(parameter("config")),
};

/**
 * What the services of a cluster need on a node that is to run them, as far as their configuration says it: the agent, unit or
 * fencing agent, and of a closed list of agents the tools, kernel modules, DRBD resources and files below /etc. Each once a service.
 */
export function needsIn(resources: XmlElement): Need[] {
  const templates = new Map(childrenOf(resources, "template").map((template) => [word(template, "id"), template]));
  return primitivesIn(resources)
    .flatMap((primitive) => needsOf(primitive, templates.get(word(primitive, "template")) ?? null))
    .slice(0, MAX_NEEDS);
}

function primitivesIn(element: XmlElement): XmlElement[] {
  return element.children.flatMap((inner) => (inner.name === "primitive" ? [inner] : inner.name === "template" ? [] : primitivesIn(inner)));
}

function needsOf(primitive: XmlElement, template: XmlElement | null): Need[] {
  const resource = word(primitive, "id");
  const said = (name: string) => word(primitive, name) ?? word(template, name);
  const [standard, provider, type] = [said("class"), said("provider"), said("type")];
  if (resource === null || standard === null || type === null) return [];
  const sets = [primitive, template].flatMap((owner) => childrenOf(owner, "instance_attributes"));
  // Under a rule, or written elsewhere: what it is on a node is not known for sure.
  const isSure = sets.every((set) => set.attributes["id-ref"] === undefined && child(set, "rule") === null);
  const own = OF_AGENT[`${provider}:${type}`];
  const more = standard === "ocf" && own ? own((name) => (isSure ? valueIn(sets, name) : null)) : [];
  return [...agentOf(standard, provider, type), ...more].map((need) => ({ resource, ...need }));
}

function agentOf(standard: string, provider: string | null, type: string): Found[] {
  if (standard === "ocf" && provider !== null && NAME.test(provider) && NAME.test(type))
    return [{ kind: "agent", name: `ocf:${provider}:${type}` }];
  if (standard === "lsb" && NAME.test(type)) return [{ kind: "agent", name: `lsb:${type}` }];
  if (standard === "stonith" && /^fence_\w+$/.test(type)) return [{ kind: "fenceAgent", name: type }];
  if (standard === "systemd" && NAME.test(type)) return [{ kind: "unit", name: /\.\w+$/.test(type) ? type : `${type}.service` }];
  return [];
}
