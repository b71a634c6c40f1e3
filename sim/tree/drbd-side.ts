// SPDX-License-Identifier: Apache-2.0
import { replicationWord } from "@/sim/model/drbd-life";
import { type Cluster, copyOf, type Mirror, type MirrorCopy, type MirrorLink, otherEnd, type SimNode, type Sync } from "@/sim/model/model";
import type { ProcDrbdDevice, ProcDrbdProgress } from "@/sim/text/proc-drbd";

/** What one node's DRBD knows of one of its peers. */
export interface LinkSide {
  link: MirrorLink;
  peer: MirrorCopy;
  /** The connection in the words of DRBD 9. */
  connection: "Connected" | "Connecting" | "StandAlone";
  replication: string;
  peerRole: string;
  peerDisk: string;
}

/** The mirrors that are configured in the node's kernel now, with its own copy. */
export function mirrorsOn(cluster: Cluster, node: SimNode): { mirror: Mirror; copy: MirrorCopy }[] {
  return cluster.mirrors.flatMap((mirror) =>
    mirror.copies.filter((copy) => copy.node === node.name && copy.isUp).map((copy) => ({ mirror, copy })),
  );
}

export function sidesOf(mirror: Mirror, self: string): LinkSide[] {
  return mirror.links.filter((link) => link.a === self || link.b === self).map((link) => sideOf(mirror, link, self));
}

function sideOf(mirror: Mirror, link: MirrorLink, self: string): LinkSide {
  const peer = copyOf(mirror, otherEnd(link, self));
  if (link.state === "connected") {
    return {
      link,
      peer,
      connection: "Connected",
      replication: replicationWord(link, self, true),
      peerRole: peer.role,
      peerDisk: peer.disk,
    };
  }
  const connection = link.state === "standAlone" && (link.by === self || link.by === null) ? "StandAlone" : "Connecting";
  return { link, peer, connection, replication: "Off", peerRole: "Unknown", peerDisk: "DUnknown" };
}

/** The node's part of a mirror as /proc/drbd of 8.x prints it: it knows one peer. */
export function procDeviceOf(mirror: Mirror, copy: MirrorCopy, atMs: number): ProcDrbdDevice | null {
  const side = sidesOf(mirror, copy.node)[0];
  if (!side) return null;
  const { link } = side;
  const { counters } = copy;
  const isSource = link.sync?.from === copy.node;
  return {
    minor: copy.minor,
    cs: csOf(side, copy.node),
    role: copy.role,
    peerRole: side.peerRole,
    disk: copy.disk,
    peerDisk: side.peerDisk,
    protocol: side.connection === "StandAlone" ? null : mirror.protocol,
    flags: "r-----",
    ns: counters.sent,
    nr: counters.received,
    dw: counters.written,
    dr: counters.read,
    al: counters.activityLog,
    bm: counters.bitmap,
    lo: link.sync ? 1 : 0,
    pe: link.sync ? (isSource ? 1 : 3) : 0,
    ua: 0,
    ap: 0,
    ep: 1,
    wo: "f",
    oos: link.outOfSyncKib,
    progress: link.sync && side.connection === "Connected" ? progressOf(link.sync, copy.node, atMs) : null,
  };
}

function csOf(side: LinkSide, self: string): string {
  if (side.link.state === "handshake") return "WFReportParams";
  if (side.connection === "Connected") return replicationWord(side.link, self, false);
  return side.connection === "StandAlone" ? "StandAlone" : "WFConnection";
}

function progressOf(sync: Sync, self: string, atMs: number): ProcDrbdProgress {
  const seconds = Math.max(1, (atMs - sync.startedAtMs) / 1000);
  // The kernel prints the rate it aims at for the side that asks for blocks: the resync's target, the verify's starter.
  const hasWant = sync.kind === "resync" ? sync.from !== self : sync.from === self;
  return {
    kind: sync.kind,
    leftKib: sync.leftKib,
    totalKib: sync.totalKib,
    finishSeconds: sync.leftKib / sync.rateKibPerSec,
    speed: sync.rateKibPerSec,
    averageSpeed: (sync.totalKib - sync.leftKib) / seconds,
    want: hasWant ? sync.rateKibPerSec : null,
  };
}
