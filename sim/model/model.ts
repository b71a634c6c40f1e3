// SPDX-License-Identifier: Apache-2.0
import type { ClusterManager, Member } from "./manager";

/** The simulated world: plain values only, so that a copy is a snapshot and two runs from one state are the same. */
export interface Fleet {
  /** Wall clock of the simulated world, epoch ms. */
  atMs: number;
  clusters: Cluster[];
  /** What happens later, by its time. */
  agenda: Due[];
  /** State of the pseudo-random numbers. */
  seed: number;
  /** Transfers run and waits end this many times faster than in life. */
  pace: number;
}

export interface Cluster {
  slug: string;
  title: string;
  environment: string;
  nodes: SimNode[];
  mirrors: Mirror[];
  pacemaker: ClusterManager;
  rings: SimRing[];
  /** Names and numbers of the DLM's lockspaces; every member is in each. */
  lockspaces: { name: string; id: number }[];
}

/** OCFS2's own cluster stack on one node: what runs, and what its cluster.conf has. */
export interface O2cb {
  cluster: string;
  nodes: O2cbNode[];
  configured: O2cbNode[];
}

export interface O2cbNode {
  name: string;
  number: number;
  address: string;
}

/** One of Corosync's rings: the interface that carries it has the same name on every member. */
export interface SimRing {
  link: number;
  interface: string;
  /** By node. */
  addresses: Record<string, string>;
  /** Pairs between which something eats what is sent, though every cable is in. */
  cuts: { a: string; b: string }[];
}

/** A machine of the fleet. */
export interface SimNode {
  name: string;
  role: "member" | "client";
  /** Corosync's number of the node; clients have none and use 0. */
  id: number;
  power: "on" | "off" | "booting";
  /** `uname -r`. */
  kernel: string;
  bootId: string;
  bootedAtMs: number;
  cpus: number;
  load: number;
  memoryTotalKib: number;
  memoryAvailableKib: number;
  /** Share of time in which some task waited for I/O, percent. */
  ioPressurePercent: number;
  ports: Port[];
  /** Leaves first: a bond stands after the bonds that are its ports. */
  bonds: SimBond[];
  /** The interface that carries DRBD; null where none does. */
  mirrorInterface: string | null;
  drbd: DrbdBuild | null;
  pacemakerVersion: string | null;
  /** "2.4.5": one status for a whole ring; "3.1.7": one for each peer. */
  corosyncVersion: string | null;
  /** dlm_controld runs where Corosync does. */
  hasDlm: boolean;
  /** The o2cb cluster it mounts in; null where it mounts no OCFS2. */
  o2cb: O2cb | null;
  exports: BladeExport[];
  aoe: AoeInitiator | null;
  iscsi: IscsiInitiator | null;
  arrays: SimArray[];
  pools: SimPool[];
  /** What it mounts at boot besides its system. */
  mounts: SimMount[];
  /** Mount points whose file system takes no more writes. */
  stopped: string[];
  /** Pools and arrays that the next boots do not bring up, by name; and what the last boot did not. */
  skipped: string[];
  absent: { pools: SimPool[]; arrays: SimArray[] };
  /** Agents and units of services, as the CIB names them, that are not installed. */
  lacks: string[];
  /** `token` in corosync.conf, where it is written there. Units: milliseconds. */
  tokenMs: number | null;
}

export interface SimMount {
  device: string;
  mountPoint: string;
  type: string;
}

/** A ZFS pool of one mirror. */
export interface SimPool {
  name: string;
  sizeKib: number;
  allocatedKib: number;
  devices: { name: string; state: "online" | "faulted"; writeErrors: number }[];
}

/** An md RAID-1. */
export interface SimArray {
  name: string;
  /** mdadm's form: four groups of eight hex digits. */
  uuid: string;
  sizeKib: number;
  /** By their place in the map. `device` as the kernel names it: "etherd/e0.1". */
  legs: { device: string; number: number; state: "inSync" | "failed" | "rebuilding" }[];
  recovery: { leftKib: number } | null;
}

/** One physical network port. */
export interface Port {
  name: string;
  mac: string;
  mtu: number;
  speedMbps: number;
  isCableIn: boolean;
}

export type BondMode = "802.3ad" | "balance-alb" | "active-backup";

export interface SimBond {
  name: string;
  mode: BondMode;
  mtu: number;
  /** System MAC of the LACP partner: the switch. */
  partnerMac: string | null;
  partnerKey: number;
  active: string | null;
  members: BondMember[];
  /** Ports that belong to it and are not in it, because they had no carrier at the boot. */
  absent: string[];
}

/** A port as its bond sees it: a physical port or another bond. */
export interface BondMember {
  name: string;
  isUp: boolean;
  failures: number;
  /** Last speed the kernel saw; it stays when the cable goes. */
  speedMbps: number | null;
}

export interface DrbdBuild {
  version: string;
  generation: "8.3" | "8.4" | "9";
  /** The first two lines of /proc/drbd. */
  head: readonly string[];
}

/** A replicated volume: its copies and the links between each two of them. */
export interface Mirror {
  name: string;
  sizeKib: number;
  protocol: "A" | "B" | "C";
  verifyAlg: string | null;
  port: number;
  /** KiB/s that services write while a Primary runs. */
  writeKibPerSec: number;
  copies: MirrorCopy[];
  links: MirrorLink[];
}

export interface MirrorCopy {
  node: string;
  minor: number;
  backingDevice: string;
  address: string;
  role: "Primary" | "Secondary";
  disk: "UpToDate" | "Inconsistent" | "Outdated" | "Diskless";
  /** True while DRBD is configured on the node (its resource agent started it). */
  isUp: boolean;
  /** This side alone allows two Primaries. */
  allowsTwo?: boolean;
  /** A volume group was found on the disk below, and is active. */
  isBypassed?: boolean;
  counters: DrbdCounters;
}

/** As /proc/drbd prints them: KiB, counts. 32-bit wrapping is the printer's. */
export interface DrbdCounters {
  sent: number;
  received: number;
  written: number;
  read: number;
  activityLog: number;
  bitmap: number;
}

export interface MirrorLink {
  a: string;
  b: string;
  /**
   * connected; `waiting` = each living side tries to connect; `standAlone` = side `by` was disconnected by hand, or
   * both refused each other (null);
   * `handshake` = the sides greet each other.
   */
  state: "connected" | "waiting" | "standAlone" | "handshake";
  by: string | null;
  outOfSyncKib: number;
  /** Where the copies differ, known or not: every verify finds the same ones, until a resync copies what was marked. */
  rotten: SectorRange[];
  /** What verifies found and no resync copied since: its bits are set. */
  marked: SectorRange[];
  /** So many blocks are written while a verify reads them: it finds them to differ, other ones each time. */
  fleetingBlocks: number;
  /** They parted, and what is out of sync is only what a verify marked: nobody has begun a new generation of the data, so meeting again copies nothing. */
  isOnlyMarked?: boolean;
  /** Where a verify would go on that is not told where to begin. */
  reachedSector: number;
  sync: Sync | null;
}

/** Sectors of 512 bytes on a device. */
export interface SectorRange {
  startSector: number;
  sectors: number;
}

export interface Sync {
  kind: "resync" | "verify";
  /** The node whose blocks are sent (resync), or that started the verify. */
  from: string;
  totalKib: number;
  leftKib: number;
  rateKibPerSec: number;
  startedAtMs: number;
  /** Of a verify: where it was told to stop; null: at the end. */
  stopAtSector?: number | null;
  /** Of a verify: what it will find that the next one will not. */
  fleeting?: SectorRange[];
}

export interface BladeExport {
  shelf: number;
  slot: number;
  device: string;
  /** Null: a plain disk of its node. */
  mirror: string | null;
  port: string;
  isSync: boolean;
  pid: number;
  /** The resource that starts it: it runs where that is Started. Null: started at boot, outside the cluster. */
  primitive: string | null;
}

export interface AoeInitiator {
  deadSeconds: number;
  devices: AoeDisk[];
}

export interface IscsiInitiator {
  /** Its iSCSI name. */
  initiator: string;
  /** What targets see of it. */
  address: string;
  sessions: SimSession[];
}

export interface SimSession {
  id: number;
  target: string;
  address: string;
  tcpPort: number;
  /** The interface it goes through. */
  port: string;
  lun: number;
  diskName: string;
  sizeKib: number;
  recoverySeconds: number;
  state: "LOGGED_IN" | "FAILED" | "FREE";
  isConnected: boolean;
  disk: "running" | "blocked" | "transport-offline";
  /** The node it is logged in to; null while it is not. */
  servedBy: string | null;
  /** How long nobody has answered, and how long somebody answers again. */
  silentMs: number;
  loginMs: number;
  /** Something on the way drops its packets. */
  isCut: boolean;
}

export interface AoeDisk {
  shelf: number;
  slot: number;
  sizeKib: number;
  port: string;
  firmware: string;
  /** MAC it sends to, 12 hex digits. */
  mac: string;
  state: "up" | "down";
  /** How long its target has not answered. */
  silentMs: number;
  rttAvgUs: number;
  outstanding: number;
  window: number;
  windowMax: number;
  taint: number;
  reads: number;
  writes: number;
}

/** Something that happens at its time. The cluster is named, so that an act finds its own. */
export interface Due {
  atMs: number;
  cluster: string;
  act: Act;
}

export type Act =
  | { kind: "linkLost"; mirror: string; a: string; b: string }
  | { kind: "linkFound"; mirror: string; a: string; b: string }
  | { kind: "linkAgreed"; mirror: string; a: string; b: string }
  | { kind: "memberLost"; node: string }
  | { kind: "memberFenced"; node: string }
  | { kind: "poweredOn"; node: string }
  | { kind: "booted"; node: string }
  | { kind: "corosyncJoined"; node: string }
  | { kind: "pacemakerJoined"; node: string }
  | { kind: "step" };

/** What a moment of the world leaves behind, besides its state. */
export type Trace =
  | { kind: "kernel"; node: string; atMs: number; priority: number; text: string }
  /** Pacemaker's doorbell rings on every living node of the cluster. */
  | { kind: "pacemaker"; cluster: string }
  /** An interface of the node changed its link. */
  | { kind: "link"; node: string; name: string };

export function clusterOf(fleet: Fleet, slug: string): Cluster {
  const found = fleet.clusters.find((cluster) => cluster.slug === slug);
  if (!found) throw new Error(`There is no cluster ${slug}.`);
  return found;
}

/** The node and its cluster. @throws when no cluster has it */
export function nodeOf(fleet: Fleet, name: string): { cluster: Cluster; node: SimNode } {
  for (const cluster of fleet.clusters) {
    const node = cluster.nodes.find((candidate) => candidate.name === name);
    if (node) return { cluster, node };
  }
  throw new Error(
    `There is no node ${name}. Nodes: ${fleet.clusters.flatMap((cluster) => cluster.nodes.map((node) => node.name)).join(", ")}.`,
  );
}

export function mirrorOf(cluster: Cluster, name: string): Mirror {
  const found = cluster.mirrors.find((mirror) => mirror.name === name);
  if (!found) throw new Error(`${cluster.slug} has no mirror ${name}.`);
  return found;
}

export function copyOf(mirror: Mirror, node: string): MirrorCopy {
  const found = mirror.copies.find((copy) => copy.node === node);
  if (!found) throw new Error(`${mirror.name} has no copy on ${node}.`);
  return found;
}

export function memberOf(cluster: Cluster, node: string): Member | null {
  return cluster.pacemaker.members.find((member) => member.node === node) ?? null;
}

/** The other end of a link. */
export function otherEnd(link: MirrorLink, node: string): string {
  return link.a === node ? link.b : link.a;
}
