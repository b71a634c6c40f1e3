// SPDX-License-Identifier: Apache-2.0

import type { ClusterManager, Location, Primitive, Service } from "./manager";
import type { BondMode, DrbdBuild, Mirror, MirrorCopy, MirrorLink, Port, SimBond, SimNode, SimRing } from "./model";

const DAY_MS = 86_400_000;
const GIB_KIB = 1024 * 1024;

export const gib = (count: number): number => count * GIB_KIB;
export const days = (count: number): number => count * DAY_MS;

export const DRBD_8_3: DrbdBuild = {
  version: "8.3.16",
  generation: "8.3",
  head: [
    "version: 8.3.16 (api:88/proto:86-97)",
    "GIT-hash: a798fa7e274428a357657fb52f0ecf40192c1985 build by phil@Build64R7, 2014-11-24 14:51:37",
  ],
};

export const DRBD_8_4: DrbdBuild = {
  version: "8.4.11",
  generation: "8.4",
  head: ["version: 8.4.11 (api:1/proto:86-101)", "srcversion: F73C670A7EC572DB9CF3E5B "],
};

export const DRBD_9: DrbdBuild = {
  version: "9.2.8",
  generation: "9",
  head: [
    "version: 9.2.8 (api:2/proto:86-122)",
    "GIT-hash: 1f0c5ad2b7c84d7e9d3a6f5b8e2c4a1907d6e3f2 build by root@builder, 2024-03-11 08:12:40",
    "Transports (api:20): tcp (9.2.8)",
  ],
};

export function port(name: string, mac: string, options: { isCableIn?: boolean; speedMbps?: number } = {}): Port {
  return { name, mac, mtu: 9000, speedMbps: options.speedMbps ?? 1_000, isCableIn: options.isCableIn ?? true };
}

/** A bond of ports that are up, but for those named in `down`. `failures` by port. */
export function bond(
  name: string,
  mode: BondMode,
  members: readonly string[],
  options: { partnerMac?: string; failures?: Readonly<Record<string, number>>; down?: readonly string[]; speedMbps?: number } = {},
): SimBond {
  return {
    name,
    mode,
    mtu: 9000,
    partnerMac: options.partnerMac ?? null,
    partnerKey: 9,
    absent: [],
    active: mode === "802.3ad" ? null : (members[0] ?? null),
    members: members.map((member) => ({
      name: member,
      isUp: !(options.down ?? []).includes(member),
      failures: options.failures?.[member] ?? 0,
      speedMbps: options.speedMbps ?? 1_000,
    })),
  };
}

/** A node that is up; what is not given is that of a storage node of middle size. */
export function node(given: Partial<SimNode> & Pick<SimNode, "name" | "id" | "kernel" | "bootId" | "bootedAtMs" | "ports">): SimNode {
  return {
    role: "member",
    power: "on",
    cpus: 16,
    load: 1.1,
    memoryTotalKib: gib(128),
    memoryAvailableKib: gib(67),
    ioPressurePercent: 1.2,
    bonds: [],
    mirrorInterface: null,
    drbd: null,
    pacemakerVersion: null,
    corosyncVersion: null,
    hasDlm: false,
    o2cb: null,
    exports: [],
    aoe: null,
    iscsi: null,
    arrays: [],
    pools: [],
    mounts: [],
    stopped: [],
    skipped: [],
    absent: { pools: [], arrays: [] },
    lacks: [],
    tokenMs: null,
    ...given,
  };
}

export function copy(on: string, minor: number, backingDevice: string, address: string, role: MirrorCopy["role"]): MirrorCopy {
  const counters = { sent: 0, received: 0, written: 0, read: 0, activityLog: 14, bitmap: 0 };
  return { node: on, minor, backingDevice, address, role, disk: "UpToDate", isUp: true, counters };
}

/** A mirror with a connected link between each two copies. */
export function mirror(
  given: Pick<Mirror, "name" | "sizeKib" | "port" | "writeKibPerSec" | "copies"> & { verifyAlg?: string | null },
): Mirror {
  const links: MirrorLink[] = given.copies.flatMap((one, index) =>
    given.copies.slice(index + 1).map((other): MirrorLink => {
      const ends = { a: one.node, b: other.node, state: "connected", by: null } as const;
      return { ...ends, outOfSyncKib: 0, rotten: [], marked: [], fleetingBlocks: 0, reachedSector: 0, sync: null };
    }),
  );
  return { protocol: "C", verifyAlg: "crc32c", ...given, links };
}

export function primitive(
  id: string,
  agent: string,
  on: string,
  startedAtMs: number,
  parameters: Record<string, string>,
  monitorSeconds = 20,
): Primitive {
  return { id, agent, parameters, monitorSeconds, node: on, state: "Started", startedAtMs, call: 40, stopped: null };
}

/** A service on mirrors named as their clones are: ms_drbd_store over p_drbd_store. */
export function service(group: string, mirrors: readonly string[], order: readonly string[], primitives: Primitive[]): Service {
  return {
    group,
    stack: mirrors.map((name) => ({ clone: `ms_drbd_${name}`, drbd: `p_drbd_${name}`, mirror: name })),
    order: [...order],
    primitives,
  };
}

/** Rings over these interfaces, one after the other. `addresses` gives the first three numbers of each, `last` the fourth of each node. */
export function ringsOver(interfaces: readonly string[], addresses: readonly string[], last: Readonly<Record<string, number>>): SimRing[] {
  return interfaces.map((name, link) => ({
    link,
    interface: name,
    addresses: Object.fromEntries(Object.entries(last).map(([on, number]) => [on, `${addresses[link] ?? "10.0.0"}.${number}`])),
    cuts: [],
  }));
}

/** A constraint that lasts. */
export function location(id: string, resource: string, on: string, score: string, role: string | null = null): Location {
  return { id, resource, node: on, score, role, untilMs: null };
}

/** An admin's constraints: where a service likes to be, and where its mirrors have no disk. */
function homesOf({ group, order, stack }: Service, members: readonly string[]): Location[] {
  return [
    ...order.slice(0, -1).map((on, index) => location(`loc_${group}_${on}`, group, on, String(50 * (order.length - 1 - index)))),
    ...stack.flatMap(({ clone }) =>
      members.filter((name) => !order.includes(name)).map((name) => location(`loc_${clone}_${name}`, clone, name, "-INFINITY")),
    ),
  ];
}

/** A healthy manager over these members; the first is the DC. */
export function manager(given: {
  name: string;
  dc: string;
  members: readonly string[];
  services: Service[];
  atMs: number;
  changedAtMs: number;
}): ClusterManager {
  const { members, atMs, changedAtMs } = given;
  return {
    name: given.name,
    dc: given.dc,
    isMaintenance: false,
    isStonithEnabled: true,
    noQuorumPolicy: "stop",
    isTwoNode: members.length === 2,
    epoch: 147,
    numUpdates: 31,
    lastChange: { atMs: changedAtMs, user: "root", client: "crm_resource", origin: given.dc },
    changedAtMs: atMs,
    members: members.map((name) => ({
      node: name,
      isOnline: true,
      isPending: false,
      isUnclean: false,
      isStandby: false,
      isMaintenance: false,
    })),
    services: given.services,
    fenceDevices: members.map((target, index) => ({
      id: `p_fence_${target}`,
      agent: "stonith:fence_ipmilan",
      target,
      node: members[(index + 1) % members.length] ?? null,
    })),
    fenceLevels: [],
    constraints: [
      // A node's fencing device is of no use on that node.
      ...members.map((target) => location(`loc_p_fence_${target}`, `p_fence_${target}`, target, "-INFINITY")),
      ...given.services.flatMap((one) => homesOf(one, members)),
    ],
    managed: {},
    failures: [],
    isHoming: false,
    traps: [],
    fencing: [],
  };
}
