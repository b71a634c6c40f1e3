// SPDX-License-Identifier: Apache-2.0

import type { AgentFrame } from "@/agent/protocol/messages";
import type { AoeDevice, AoeExport, AoeTarget } from "@/agent/protocol/model/aoe";
import type { Bond, BondPort } from "@/agent/protocol/model/bonding";
import type { Drbd, DrbdDevice, DrbdPeer, DrbdSettings } from "@/agent/protocol/model/drbd";
import type { HostFacts } from "@/agent/protocol/model/host";
import type { IscsiPortalGroup, IscsiSession } from "@/agent/protocol/model/iscsi";
import type { MdArray, MdMember } from "@/agent/protocol/model/md";
import type { BlockDevice, Mount, Mounts } from "@/agent/protocol/model/mounts";
import type { Pacemaker, PacemakerNode, PacemakerResource } from "@/agent/protocol/model/pacemaker";
import type { NodeRole } from "@/agent/protocol/names";
import { type Readings, SourceName, type SourceValue } from "@/agent/protocol/sources";
import { timing } from "@/agent/protocol/timing";
import type { ClusterFacts, NodeFacts, SourceFacts } from "./facts";
import type { Surroundings } from "./project";

// Fixed values for tests; nothing that runs imports this file.

export const T0 = 1_700_000_000_000;

export function around(nowMs = T0, more: Partial<Surroundings> = {}): Surroundings {
  return { nowMs, timing: timing(), events: [], findingSince: new Map(), ...more };
}

export function peer(more: Partial<DrbdPeer> = {}): DrbdPeer {
  return {
    name: null,
    connection: "Connected",
    replication: "Established",
    role: "Secondary",
    disk: "UpToDate",
    protocol: "C",
    outOfSyncBytes: 0,
    pausedBy: [],
    congested: null,
    progress: null,
    ...more,
  };
}

export function device(more: Partial<DrbdDevice> = {}): DrbdDevice {
  return {
    minor: 0,
    resource: "store",
    volume: 0,
    role: "Secondary",
    disk: "UpToDate",
    suspended: false,
    suspendedBy: [],
    unconfigured: false,
    activityLogSuspended: false,
    sizeBytes: 2 ** 41,
    cs: "Connected",
    counters: null,
    peers: [peer()],
    ...more,
  };
}

export function drbd(devices: DrbdDevice[], more: Partial<Drbd> = {}): Drbd {
  return {
    module: { version: "8.4.11", generation: "8.4", api: 1, protoMin: 86, protoMax: 101, build: null },
    devices,
    settings: null,
    unread: [],
    ...more,
  };
}

/** Settings of one resource with one connection. */
export function settings(
  resource: string,
  minor: number,
  local: string,
  remote: string,
  port: number,
  more: Partial<DrbdSettings["connections"][number]> = {},
): DrbdSettings {
  return {
    resource,
    volumes: [{ volume: 0, minor, backingDevice: "/dev/vdb" }],
    connections: [
      {
        peer: null,
        local: { address: local, port },
        remote: { address: remote, port },
        protocol: "C",
        verifyAlg: "crc32c",
        fencing: null,
        allowTwoPrimaries: false,
        ...more,
      },
    ],
  };
}

export function port(name: string, more: Partial<BondPort> = {}): BondPort {
  return { name, link: "up", speedBitsPerSec: 1e9, failureCount: 0, aggregatorId: null, partnerMac: null, isBond: false, ...more };
}

export function bond(name: string, ports: BondPort[], more: Partial<Bond> = {}): Bond {
  return { name, mode: "adaptive load balancing", link: "up", activePort: null, miimonMs: 100, parent: null, lacp: null, ports, ...more };
}

/** An 802.3ad bond whose ports all stand in aggregator 1. */
export function lacpBond(name: string, ports: BondPort[], more: Partial<Bond> = {}): Bond {
  const partnerMac = "52:54:00:73:aa:01";
  return bond(
    name,
    ports.map((one) => ({ ...one, aggregatorId: one.aggregatorId ?? 1, partnerMac: one.partnerMac ?? partnerMac })),
    {
      mode: "IEEE 802.3ad Dynamic link aggregation",
      lacp: { permitted: true, aggregatorId: 1, portCount: ports.length, partnerMac },
      ...more,
    },
  );
}

export function target(mac: string, more: Partial<AoeTarget> = {}): AoeTarget {
  return { mac, outstanding: 0, window: 16, windowMax: 16, taint: 0, reads: 0, writes: 0, interfaces: ["eth1"], ...more };
}

export function aoeDevice(name: string, targets: AoeTarget[] | null, more: Partial<AoeDevice> = {}): AoeDevice {
  return { name, state: "up", sizeBytes: 2 ** 39, interfaces: ["eth1"], rttAvgUs: 200, targets, ...more };
}

export function aoeExport(name: string, more: Partial<AoeExport> = {}): AoeExport {
  return { name, device: "/dev/drbd0", interface: "e1p1", sync: true, direct: false, allowedMacs: [], pid: 4_711, ...more };
}

export function mdMember(name: string, number: number, more: Partial<MdMember> = {}): MdMember {
  return { name, number, flags: [], slot: null, state: null, ...more };
}

/** A RAID-1 over two AoE devices. */
export function mdArray(name: string, more: Partial<MdArray> = {}): MdArray {
  return {
    name,
    state: "active",
    readOnly: null,
    level: "raid1",
    metadata: "1.2",
    sizeBytes: 2 ** 38,
    raidDisks: 2,
    activeDisks: 2,
    map: "UU",
    members: [mdMember("etherd/e11.6", 1), mdMember("etherd/e10.6", 0)],
    action: null,
    hasBitmap: true,
    isClustered: false,
    uuid: "7c1e0a52:9b3d44f0:a1558e6c:02d7f913",
    mismatchCount: 0,
    ...more,
  };
}

export function mount(mountPoint: string, device: string, more: Partial<Mount> = {}): Mount {
  return { mountPoint, device, majorMinor: null, type: "ext4", isReadOnly: false, wentReadOnly: false, options: [], ...more };
}

export function block(name: string, majorMinor: string, more: Partial<BlockDevice> = {}): BlockDevice {
  return { name, majorMinor, sizeBytes: null, slaves: [], partOf: null, dmName: null, dmUuid: null, ...more };
}

export function mountsOf(mounts: Mount[], blocks: BlockDevice[] = [], swaps: Mounts["swaps"] = []): Mounts {
  return { mounts, swaps, blocks, unread: [] };
}

export function host(more: Partial<HostFacts> = {}): HostFacts {
  return {
    kernel: "6.1.0-56-amd64",
    bootId: "boot-1",
    uptimeSeconds: 3_600,
    cpus: 16,
    load1: 1.8,
    memoryTotalBytes: 2 ** 37,
    memoryAvailableBytes: 2 ** 36,
    ioPressurePercent: 4,
    eccCorrected: 0,
    eccUncorrected: 0,
    interfaces: [],
    unread: [],
    ...more,
  };
}

export function member(name: string, more: Partial<PacemakerNode> = {}): PacemakerNode {
  return {
    name,
    id: name,
    online: true,
    standby: false,
    maintenance: false,
    pending: false,
    unclean: false,
    shutdown: false,
    isDc: false,
    featureSet: "3.16.1",
    attributes: {},
    ...more,
  };
}

export function resource(id: string, node: string | null, more: Partial<PacemakerResource> = {}): PacemakerResource {
  return {
    id,
    parents: [],
    agent: "ocf:heartbeat:Dummy",
    role: node === null ? "Stopped" : "Started",
    targetRole: null,
    active: node !== null,
    managed: true,
    failed: false,
    blocked: false,
    orphaned: false,
    pending: null,
    nodes: node === null ? [] : [node],
    onOfflineNode: false,
    ...more,
  };
}

export function pacemaker(nodes: PacemakerNode[], resources: PacemakerResource[] = [], more: Partial<Pacemaker> = {}): Pacemaker {
  return {
    version: "2.1.5",
    source: "crm_mon --output-as=xml",
    dc: nodes[0]?.name ?? null,
    quorate: true,
    featureSet: "3.16.1",
    maintenance: false,
    stonithEnabled: true,
    nodes,
    resources,
    collections: [],
    constraints: [],
    failures: [],
    fencing: [],
    configEpoch: null,
    unread: [],
    ...more,
  };
}

/** Nothing there: what a source of a node without that subsystem reads. */
const ABSENT = { status: "absent" as const, takenAtMs: T0 };

/** Values by source; a source left out is absent. */
export type Values = { [N in SourceName]?: SourceValue<N> };

/** A node that was heard and read just now. */
export function nodeFacts(node: string, values: Values = {}, more: Partial<NodeFacts> = {}): NodeFacts {
  const given: Values = { host: host(), kernelLog: { lines: [] }, ...values };
  let sources: NodeFacts["sources"] = {};
  for (const source of SourceName.options) sources = { ...sources, [source]: sourceFacts(source, given) };
  return {
    agentId: `agent-${node}`,
    node,
    role: "member",
    agentVersion: "0.1.0",
    connected: true,
    lastWordAtMs: T0,
    connectedChangedAtMs: T0 - 60_000,
    clockOffsetMs: 0,
    sources,
    kernelLines: [],
    ...more,
  };
}

function sourceFacts<N extends SourceName>(source: N, values: Values): SourceFacts<N> {
  const standing = { takenAtMs: T0, everyMs: 2_000 };
  const value = values[source];
  if (value === undefined) return { ...standing, reading: ABSENT, lastOk: null, okAtMs: null };
  const reading = { status: "ok" as const, takenAtMs: T0, value };
  return { ...standing, reading, lastOk: reading, okAtMs: T0 };
}

export function cluster(...nodes: NodeFacts[]): ClusterFacts {
  return { slug: "san-a", title: "san-a", environment: "PROD", nodes: new Map(nodes.map((node) => [node.node, node])) };
}

/** A node as enrolment leaves it: never heard. */
export function enrolled(node: string, role: NodeRole = "member"): NodeFacts {
  return nodeFacts(node, {}, { role, agentVersion: null, connected: false, lastWordAtMs: null, connectedChangedAtMs: null, sources: {} });
}

/** The same node, its socket closed since T0. */
export function silent(node: NodeFacts): NodeFacts {
  return { ...node, connected: false, connectedChangedAtMs: T0 };
}

let seq = 0;

/** A frame with one reading, at the node's time `atMs`. */
export function fact(source: SourceName, readings: Readings, atMs = T0): Extract<AgentFrame, { type: "fact" }> {
  seq += 1;
  return { type: "fact", journalId: "journal", seq, atMs, source, readings };
}

export function ok<V>(value: V, takenAtMs = T0): { status: "ok"; takenAtMs: number; value: V } {
  return { status: "ok", takenAtMs, value };
}

export function failed(
  message: string,
  takenAtMs = T0,
): { status: "failed"; takenAtMs: number; error: { code: "COLLECT_TIMEOUT"; message: string } } {
  return { status: "failed", takenAtMs, error: { code: "COLLECT_TIMEOUT", message } };
}

export function portalGroup(more: Partial<IscsiPortalGroup> = {}): IscsiPortalGroup {
  return {
    tag: 1,
    isEnabled: true,
    portals: [{ address: "10.20.5.10", port: 3260 }],
    luns: [{ lun: 0, backstore: "iblock_0/p_lun_o1", device: "/dev/drbd0", isEnabled: true, sizeBytes: 2 ** 41 }],
    acls: [],
    sessions: [{ initiator: "iqn.lab:hv01", isDynamic: true, state: null, addresses: [] }],
    hasAllSessions: true,
    authentication: false,
    letsAnybodyIn: true,
    ...more,
  };
}

export function iscsiSession(more: Partial<IscsiSession> = {}): IscsiSession {
  return {
    name: "session1",
    target: "iqn.lab:o1",
    tpgt: 1,
    state: "LOGGED_IN",
    connectionState: "up",
    persistentAddress: "10.20.5.10",
    persistentPort: 3260,
    address: "10.20.5.10",
    port: 3260,
    recoveryTimeoutSeconds: 120,
    initiatorName: "iqn.lab:hv01",
    disks: [{ name: "sda", lun: 0, state: "running", sizeBytes: 2 ** 41 }],
    ...more,
  };
}
