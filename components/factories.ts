// SPDX-License-Identifier: Apache-2.0
import type { Snapshot } from "@/agent/protocol/console/feed";
import { keyOf } from "@/agent/protocol/console/keys";
import type { Entity, EntityKind, EntityOf, Level, Said } from "@/agent/protocol/console/view";
import type { Bond, BondPort } from "@/agent/protocol/model/bonding";
import type { Corosync } from "@/agent/protocol/model/corosync";
import type { DlmLockspace } from "@/agent/protocol/model/dlm";
import type { DrbdDevice, DrbdPeer } from "@/agent/protocol/model/drbd";
import type { HostFacts } from "@/agent/protocol/model/host";
import type { MdArray } from "@/agent/protocol/model/md";
import type { Ocfs2 } from "@/agent/protocol/model/ocfs2";

/** 20 November 2026, 14:02:45 UTC: the moment at which all factories stand. */
export const NOW_MS = Date.UTC(2026, 10, 20, 14, 2, 45);

export const said = (level: Level, word: string, why: string | null = null): Said => ({ level, word, why });

type Part<K extends Entity["kind"]> = Partial<Omit<EntityOf<K>, "kind">>;

export function cluster(part: Part<"cluster"> = {}): EntityOf<"cluster"> {
  return {
    kind: "cluster",
    slug: "san-a",
    title: "san-a",
    environment: "prod",
    madeOf: "2 nodes, DRBD 8.4",
    headline: said("ok", "Nothing known is wrong"),
    sinceMs: NOW_MS - 2_461_000,
    pacemaker: {
      from: { node: "ruby", source: "pacemaker" },
      version: "2.1.5",
      dc: "ruby",
      quorum: said("ok", "quorate"),
      fencing: said("ok", "on"),
      maintenance: false,
      featureSet: "3.16.2",
    },
    dissent: [],
    ...part,
  };
}

export function hostFacts(part: Partial<HostFacts> = {}): HostFacts {
  return {
    kernel: "6.1.0-56-amd64",
    bootId: "b0",
    uptimeSeconds: 3_564_000,
    cpus: 16,
    load1: 1.8,
    memoryTotalBytes: 128 * 2 ** 30,
    memoryAvailableBytes: 67 * 2 ** 30,
    ioPressurePercent: 4,
    eccCorrected: 0,
    eccUncorrected: 0,
    interfaces: [],
    unread: [],
    ...part,
  };
}

export function node(name: string, part: Part<"node"> = {}): EntityOf<"node"> {
  return {
    kind: "node",
    name,
    role: "member",
    link: "live",
    lastWordAtMs: NOW_MS - 300,
    linkSinceMs: NOW_MS - 3_600_000,
    state: said("ok", "online"),
    opinions: [],
    isDc: false,
    carries: said("ok", "Runs nothing; Secondary for store."),
    host: hostFacts(),
    drbdVersion: "8.4.11",
    agentVersion: "0.1.0",
    bootedAtMs: NOW_MS - 3_564_000_000,
    ...part,
  };
}

export function source(
  nodeName: string,
  name: EntityOf<"source">["source"],
  part: Omit<Part<"source">, "node" | "source"> = {},
): EntityOf<"source"> {
  return {
    kind: "source",
    node: nodeName,
    source: name,
    status: "ok",
    error: null,
    freshness: "live",
    takenAtMs: NOW_MS - 600,
    okAtMs: NOW_MS - 600,
    everyMs: 2_000,
    how: name === "pacemaker" ? "crm_mon --output-as=xml" : name === "drbd" ? "/proc/drbd" : name,
    unread: [],
    ...part,
  };
}

export function drbdPeer(part: Partial<DrbdPeer> = {}): DrbdPeer {
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
    ...part,
  };
}

export function drbdDevice(part: Partial<DrbdDevice> = {}): DrbdDevice {
  return {
    minor: 0,
    resource: "store",
    volume: 0,
    role: "Primary",
    disk: "UpToDate",
    suspended: false,
    suspendedBy: [],
    unconfigured: false,
    activityLogSuspended: false,
    sizeBytes: 2 * 2 ** 40,
    cs: "Connected",
    counters: null,
    peers: [drbdPeer()],
    ...part,
  };
}

export function drbd(nodeName: string, resource: string, part: Part<"drbd"> = {}): EntityOf<"drbd"> {
  return {
    kind: "drbd",
    from: { node: nodeName, source: "drbd" },
    resource,
    volume: 0,
    mirror: keyOf.mirror(resource, 0),
    device: drbdDevice({ resource }),
    settings: null,
    said: said("ok", "UpToDate"),
    ...part,
  };
}

type Copy = EntityOf<"mirror">["copies"][number];
type Pair = EntityOf<"mirror">["pairs"][number];

export function copy(nodeName: string, part: Partial<Copy> = {}): Copy {
  return { node: nodeName, drbd: null, role: "Secondary", disk: "UpToDate", said: said("ok", "UpToDate"), syncedPercent: null, ...part };
}

export function pair(a: string, b: string, part: Partial<Pair> = {}): Pair {
  return {
    a,
    b,
    said: said("ok", "in sync"),
    aSays: "Connected, Established",
    bSays: "Connected, Established",
    line: "connected",
    progress: null,
    towards: null,
    outOfSyncBytes: 0,
    ...part,
  };
}

export function mirror(resource: string, part: Part<"mirror"> = {}): EntityOf<"mirror"> {
  return {
    kind: "mirror",
    resource,
    volume: 0,
    device: "drbd0",
    protocol: "C",
    sizeBytes: 2 * 2 ** 40,
    copies: [copy("crystal"), copy("ruby", { role: "Primary" })],
    pairs: [pair("crystal", "ruby")],
    said: said("ok", "in sync"),
    meaning: ["Both copies are UpToDate and connected."],
    ...part,
  };
}

export function bondPort(name: string, part: Partial<BondPort> = {}): BondPort {
  return {
    name,
    link: "up",
    speedBitsPerSec: 1e9,
    failureCount: 0,
    aggregatorId: 1,
    partnerMac: null,
    isBond: false,
    ...part,
  };
}

export function bond(nodeName: string, name: string, model: Partial<Bond> = {}, part: Part<"bond"> = {}): EntityOf<"bond"> {
  const ports = model.ports ?? [bondPort("e1p1"), bondPort("e1p2")];
  return {
    kind: "bond",
    from: { node: nodeName, source: "bonding" },
    bond: {
      name,
      mode: "IEEE 802.3ad Dynamic link aggregation",
      link: "up",
      activePort: null,
      miimonMs: 100,
      parent: null,
      lacp: null,
      ...model,
      ports,
    },
    said: said("ok", `${ports.length} of ${ports.length} ports`),
    portsUp: ports.length,
    ports: ports.length,
    kernelSays: null,
    portSaid: Object.fromEntries(ports.map((port) => [port.name, said(port.link === "up" ? "ok" : "bad", port.link)])),
    ...part,
  };
}

export function aoe(nodeName: string, name: string, part: Part<"aoe"> = {}): EntityOf<"aoe"> {
  return {
    kind: "aoe",
    from: { node: nodeName, source: "aoe" },
    device: { name, state: "up", sizeBytes: 600 * 2 ** 30, interfaces: ["eth2"], rttAvgUs: 400, targets: [] },
    said: said("ok", "talks to jade"),
    toolSays: null,
    talksTo: [{ mac: "52:54:00:00:01:00", node: "jade", export: keyOf.export("jade", name, "e1p1"), said: said("ok", "talks to jade") }],
    ...part,
  };
}

export function array(nodeName: string, name: string, model: Partial<MdArray> = {}, part: Part<"array"> = {}): EntityOf<"array"> {
  const leg = (device: string, at: string) => ({ name: device, key: keyOf.aoe(nodeName, device), at, said: said("ok", "in sync") });
  return {
    kind: "array",
    from: { node: nodeName, source: "md" },
    array: {
      name,
      state: "active",
      readOnly: null,
      level: "raid1",
      metadata: "1.2",
      sizeBytes: 400 * 2 ** 30,
      raidDisks: 2,
      activeDisks: 2,
      map: "UU",
      members: [],
      action: null,
      hasBitmap: true,
      isClustered: false,
      uuid: null,
      mismatchCount: 0,
      ...model,
    },
    said: said("ok", "2 of 2 legs"),
    legs: [leg("e10.6", "jade"), leg("e11.6", "glouton")],
    ...part,
  };
}

type Step = EntityOf<"mount">["standsOn"][number];

export function step(device: string, kind: Step["kind"], depth: number, part: Partial<Step> = {}): Step {
  return { device, kind, depth, key: null, at: null, said: null, ...part };
}

export function mount(nodeName: string, mountPoint: string, standsOn: Step[], part: Part<"mount"> = {}): EntityOf<"mount"> {
  const device = `/dev/${standsOn[0]?.device ?? "sda1"}`;
  return {
    kind: "mount",
    from: { node: nodeName, source: "mounts" },
    mount: { mountPoint, device, majorMinor: null, type: "ext4", isReadOnly: false, wentReadOnly: false, options: [] },
    said: said("ok", "mounted"),
    standsOn,
    bypasses: null,
    ...part,
  };
}

export function pool(nodeName: string, name: string, part: Part<"pool"> = {}): EntityOf<"pool"> {
  return {
    kind: "pool",
    from: { node: nodeName, source: "zfs" },
    pool: {
      name,
      state: "ONLINE",
      status: null,
      action: null,
      scan: null,
      errors: "No known data errors",
      sizeBytes: 2 ** 40,
      allocatedBytes: 2 ** 39,
      vdevs: [],
    },
    said: said("ok", "online"),
    devices: [{ name: "drbd0", key: keyOf.mirror("store", 0), at: null, said: said("ok", "online") }],
    ...part,
  };
}

export function aoeExport(nodeName: string, name: string, part: Part<"export"> = {}): EntityOf<"export"> {
  return {
    kind: "export",
    from: { node: nodeName, source: "aoe" },
    export: { name, device: "/dev/drbd0", interface: "e1p1", sync: true, direct: false, allowedMacs: [], pid: 4_411 },
    mirror: null,
    said: said("ok", "runs with -s"),
    ...part,
  };
}

export const PORTAL_GROUP = {
  tag: 1,
  isEnabled: true,
  portals: [{ address: "10.20.5.10", port: 3260 }],
  luns: [{ lun: 0, backstore: "iblock_0/p_lun_o1", device: "/dev/drbd0", isEnabled: true, sizeBytes: 2 * 2 ** 40 }],
  acls: [],
  sessions: [],
  hasAllSessions: true,
  authentication: false,
  letsAnybodyIn: true,
};

export function target(nodeName: string, iqn: string, part: Part<"target"> = {}): EntityOf<"target"> {
  return {
    kind: "target",
    from: { node: nodeName, source: "iscsi" },
    target: { iqn, portalGroups: [PORTAL_GROUP] },
    said: said("ok", "1 LUN, 1 logged in"),
    luns: [{ tag: 1, lun: 0, mirror: keyOf.mirror("store", 0), said: said("ok", "LUN 0") }],
    initiators: [
      {
        initiator: "iqn.2014-03.com.example:hv01",
        node: "hv01",
        session: keyOf.session("hv01", "session1"),
        said: said("ok", "hv01 logged in"),
      },
    ],
    ...part,
  };
}

export function session(nodeName: string, name: string, part: Part<"session"> = {}): EntityOf<"session"> {
  return {
    kind: "session",
    from: { node: nodeName, source: "iscsi" },
    session: {
      name,
      target: "iqn.2014-03.com.example.san-a:o1",
      tpgt: 1,
      state: "LOGGED_IN",
      connectionState: "up",
      persistentAddress: "10.20.5.10",
      persistentPort: 3260,
      address: "10.20.5.10",
      port: 3260,
      recoveryTimeoutSeconds: 120,
      initiatorName: `iqn.2014-03.com.example:${nodeName}`,
      disks: [{ name: "sda", lun: 0, state: "running", sizeBytes: 2 * 2 ** 40 }],
    },
    said: said("ok", "logged in to ruby"),
    toolSays: null,
    servedBy: { node: "ruby", target: keyOf.target("ruby", "iqn.2014-03.com.example.san-a:o1") },
    ways: 1,
    paths: [
      {
        disk: "sda",
        said: said("ok", "logged in to ruby"),
        steps: [`${name} to 10.20.5.10:3260`, "LUN 0", "/dev/drbd0", "/dev/vg0/store"],
      },
    ],
    ...part,
  };
}

/** Corosync of ruby (1) or crystal (2) with two rings, all well. */
export function corosync(nodeName: string, model: Partial<Corosync> = {}, part: Part<"corosync"> = {}): EntityOf<"corosync"> {
  const [own, peer] = nodeName === "ruby" ? [1, 2] : [2, 1];
  return {
    kind: "corosync",
    from: { node: nodeName, source: "corosync" },
    corosync: {
      isRunning: true,
      clusterName: "hacluster",
      transport: "knet",
      localNodeId: own,
      quorum: {
        quorate: true,
        provider: "corosync_votequorum",
        ringId: "1.3e",
        nodes: 2,
        expectedVotes: 2,
        highestExpected: 2,
        totalVotes: 2,
        quorumVotes: 1,
        flags: ["2Node", "Quorate", "WaitForAll"],
      },
      members: [
        { nodeId: 1, name: "ruby", votes: 1, isLocal: own === 1, qdevice: null },
        { nodeId: 2, name: "crystal", votes: 1, isLocal: own === 2, qdevice: null },
      ],
      qdevice: null,
      links: [0, 1].map((link) => ({
        link,
        peerId: peer,
        transport: "udp",
        localAddress: `10.2${link}.0.1${own}`,
        remoteAddress: `10.2${link}.0.1${peer}`,
        words: ["enabled", "connected"],
        isConnected: true,
        mtu: 1446,
      })),
      configured: null,
      unread: [],
      ...model,
    },
    said: said("ok", "quorate"),
    names: { "1": "ruby", "2": "crystal" },
    ...part,
  };
}

export function ring(link: number, part: Part<"ring"> = {}): EntityOf<"ring"> {
  return {
    kind: "ring",
    link,
    said: said("ok", "connected"),
    ends: [
      { node: "crystal", address: `10.2${link}.0.12`, said: said("ok", "up") },
      { node: "ruby", address: `10.2${link}.0.11`, said: said("ok", "up") },
    ],
    pairs: [{ a: "crystal", b: "ruby", said: said("ok", "connected"), aSays: "connected", bSays: "connected" }],
    ...part,
  };
}

export function ocfs2(nodeName: string, model: Partial<Ocfs2> = {}, part: Part<"ocfs2"> = {}): EntityOf<"ocfs2"> {
  const nodes = [
    { name: "hv05", number: 0, address: "10.30.9.5", port: 7777 },
    { name: "hv06", number: 1, address: "10.30.9.6", port: 7777 },
  ];
  const vmstore = { name: "vmstore", nodes, heartbeatMode: "local", deadThreshold: null, regions: [], localNode: null };
  return {
    kind: "ocfs2",
    from: { node: nodeName, source: "ocfs2" },
    ocfs2: {
      isLoaded: true,
      stack: "o2cb",
      loadedPlugins: ["o2cb"],
      activePlugin: "o2cb",
      lockingProtocol: "1.0",
      running: [{ ...vmstore, deadThreshold: 31, localNode: nodeName }],
      configured: [vmstore],
      unread: [],
      ...model,
    },
    said: said("ok", "stack o2cb"),
    ...part,
  };
}

export function dlm(nodeName: string, spaces: readonly Partial<DlmLockspace>[] = [{}], part: Part<"dlm"> = {}): EntityOf<"dlm"> {
  const lockspaces = spaces.map((more) => ({
    name: "lvm_global",
    id: "0x12aabd2d",
    inKernel: true,
    inDaemon: true,
    flags: [],
    members: [1, 2],
    newStatus: null,
    waitsFor: null,
    recoverStatus: "0",
    recoverNodeId: 0,
    hasNoDirectory: false,
    ...more,
  }));
  return {
    kind: "dlm",
    from: { node: nodeName, source: "dlm" },
    dlm: { lockspaces, daemon: { nodeId: 1, isQuorate: true, fencePid: null, nodes: [{ nodeId: 1, isMember: true }] }, unread: [] },
    said: said("ok", "1 lockspace"),
    spaceSaid: Object.fromEntries(lockspaces.map(({ name }) => [name, said("ok", "2 members")])),
    ...part,
  };
}

export function resource(id: string, part: Part<"resource"> = {}): EntityOf<"resource"> {
  return {
    kind: "resource",
    from: { node: "ruby", source: "pacemaker" },
    id,
    type: "primitive",
    parents: [],
    children: [],
    agent: "ocf:heartbeat:Filesystem",
    places: [{ node: "ruby", role: "Started", said: said("ok", "started") }],
    said: said("ok", "started"),
    opinions: [],
    failures: [],
    ...part,
  };
}

export function constraint(id: string, part: Part<"constraint"> = {}): EntityOf<"constraint"> {
  return {
    kind: "constraint",
    from: { node: "ruby", source: "pacemaker" },
    constraint: { id, kind: "location", resource: "g_iscsi", with: null, node: "crystal", score: "-INFINITY", role: null, rule: null },
    said: said("risk", "banned from crystal", "Left over from a move."),
    ...part,
  };
}

export function finding(title: string, part: Part<"finding"> = {}): EntityOf<"finding"> {
  return {
    kind: "finding",
    rule: "mirrorHasOneGoodCopy",
    level: "risk",
    title,
    why: "Until the resync is done, nothing may happen to ruby.",
    todo: null,
    about: [keyOf.mirror("store", 0)],
    sinceMs: NOW_MS - 2_461_000,
    ...part,
  };
}

export function event(text: string, part: Part<"event"> = {}): EntityOf<"event"> {
  return {
    kind: "event",
    atMs: NOW_MS - 60_000,
    node: "ruby",
    source: "drbd",
    subject: "store",
    text,
    level: "ok",
    by: "kernel, ruby",
    ...part,
  };
}

export function kernel(nodeName: string, lines: readonly { ago: number; text: string; priority?: number }[]): EntityOf<"kernel"> {
  return {
    kind: "kernel",
    from: { node: nodeName, source: "kernelLog" },
    lines: lines.map(({ ago, text, priority = 6 }, index) => ({
      kmsgSeq: 9_000 - index,
      atMs: NOW_MS - ago * 1_000,
      priority,
      topic: "drbd" as const,
      text,
    })),
  };
}

/** Standby of ruby by anna, under way since 12 s: one phase done, one going on. */
export function run(id: string, part: Part<"run"> = {}): EntityOf<"run"> {
  return {
    kind: "run",
    id,
    ask: { verb: "node.standby", args: { node: "ruby" } },
    title: "Standby ruby",
    about: [keyOf.node("ruby")],
    by: "anna",
    isDisruptive: true,
    startedAtMs: NOW_MS - 12_000,
    endedAtMs: null,
    phases: [
      { says: "writes the change on ruby", startedAtMs: NOW_MS - 12_000, endedAtMs: NOW_MS - 11_000 },
      { says: "g_mail stops on ruby", startedAtMs: NOW_MS - 11_000, endedAtMs: null },
    ],
    outcome: null,
    says: null,
    undo: null,
    ...part,
  };
}

type Reason = EntityOf<"safety">["reasons"][number];

export function guardFinding(guard: string, part: Partial<Reason> = {}): Reason {
  return { guard, number: "3.1", level: "warn", message: `${guard} is not as it should be. Wait for it.`, about: [], ...part };
}

export function safety(nodeName: string, part: Part<"safety"> = {}): EntityOf<"safety"> {
  return { kind: "safety", node: nodeName, answer: "yes", says: "Yes. g_mail moves to crystal.", reasons: [], ...part };
}

/** Maintenance of one node (null: of the cluster), by anna, from half an hour ago until in an hour. */
export function maintenance(nodeName: string | null, part: Part<"maintenance"> = {}): EntityOf<"maintenance"> {
  return {
    kind: "maintenance",
    node: nodeName,
    declared: { owner: "anna", note: "new memory", startedAtMs: NOW_MS - 1_800_000, endsAtMs: NOW_MS + 3_600_000 },
    said: said("held", "maintenance"),
    ...part,
  };
}

/** The key an entity stands under; findings, events, constraints and fencing get theirs from what is unique in them. */
const KEYS: { readonly [K in EntityKind]: (one: EntityOf<K>) => string } = {
  cluster: () => keyOf.cluster,
  node: (one) => keyOf.node(one.name),
  source: (one) => keyOf.source(one.node, one.source),
  drbd: (one) => keyOf.drbd(one.resource, one.volume, one.from.node),
  mirror: (one) => keyOf.mirror(one.resource, one.volume),
  bond: (one) => keyOf.bond(one.from.node, one.bond.name),
  aoe: (one) => keyOf.aoe(one.from.node, one.device.name),
  target: (one) => keyOf.target(one.from.node, one.target.iqn),
  session: (one) => keyOf.session(one.from.node, one.session.name),
  export: (one) => keyOf.export(one.from.node, one.export.name, one.export.interface),
  pool: (one) => keyOf.pool(one.from.node, one.pool.name),
  mount: (one) => keyOf.mount(one.from.node, one.mount.mountPoint),
  swap: (one) => keyOf.swap(one.from.node, one.swap.device),
  array: (one) => keyOf.array(one.from.node, one.array.name),
  corosync: (one) => keyOf.corosync(one.from.node),
  ring: (one) => keyOf.ring(one.link),
  ocfs2: (one) => keyOf.ocfs2(one.from.node),
  dlm: (one) => keyOf.dlm(one.from.node),
  resource: (one) => keyOf.resource(one.id),
  constraint: (one) => keyOf.constraint(one.constraint.id),
  fencing: () => keyOf.fencing(0),
  finding: (one) => keyOf.finding(`${one.rule}/${one.title}`),
  event: (one) => keyOf.event(`${one.atMs}/${one.text}`),
  run: (one) => keyOf.run(one.id),
  safety: (one) => keyOf.safety(one.node),
  maintenance: (one) => keyOf.maintenance(one.node),
  kernel: (one) => keyOf.kernel(one.from.node),
};

function keyFor<K extends EntityKind>(kind: K, entity: EntityOf<K>): string {
  return KEYS[kind](entity);
}

/** Entities under their keys, as a snapshot carries them. */
export function keyed(entities: readonly Entity[]): Record<string, Entity> {
  return Object.fromEntries(entities.map((entity) => [keyFor(entity.kind, entity), entity]));
}

export function snapshot(slug: string, entities: readonly Entity[], part: Partial<Snapshot> = {}): Snapshot {
  return { type: "snapshot", scope: { of: "cluster", slug }, number: 7, atMs: NOW_MS, clusters: { [slug]: keyed(entities) }, ...part };
}
