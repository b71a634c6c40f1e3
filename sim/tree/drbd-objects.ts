// SPDX-License-Identifier: Apache-2.0
import type { Cluster, Mirror, MirrorCopy, SimNode } from "@/sim/model/model";
import type { ResourceSettings, SettingsEnd } from "@/sim/text/drbd-settings";
import type { EventObject } from "@/sim/text/events2";
import type { StatusConnection, StatusResource } from "@/sim/text/status-json";
import { type LinkSide, mirrorsOn, sidesOf } from "./drbd-side";

type Fields = [string, string | number][];

function idOf(cluster: Cluster, name: string): number {
  return (cluster.nodes.find((node) => node.name === name)?.id ?? 1) - 1;
}

/** A volume keeps its quorum while it sees a majority of the copies, its own included. */
function hasQuorum(mirror: Mirror, sides: readonly LinkSide[]): boolean {
  const seen = 1 + sides.filter((side) => side.connection === "Connected").length;
  return seen * 2 > mirror.copies.length || mirror.copies.length < 3;
}

/** What `drbdsetup events2` knows on a node, parents before children. */
export function eventObjects(cluster: Cluster, node: SimNode): EventObject[] {
  if (!node.drbd || node.drbd.generation === "8.3") return [];
  const isNine = node.drbd.generation === "9";
  return mirrorsOn(cluster, node).flatMap(({ mirror, copy }) => objectsOf(cluster, mirror, copy, isNine));
}

function objectsOf(cluster: Cluster, mirror: Mirror, copy: MirrorCopy, isNine: boolean): EventObject[] {
  const { counters, role, disk, minor } = copy;
  const sides = sidesOf(mirror, copy.node);
  const name: Fields = [["name", mirror.name]];
  const mayPromote = disk === "UpToDate" && role === "Secondary" && sides.every((side) => side.peerRole !== "Primary");
  const resource: EventObject = {
    kind: "resource",
    key: name,
    fields: [
      ["role", role],
      ["suspended", "no"],
      ...(isNine
        ? ([
            ["force-io-failures", "no"],
            ["may_promote", mayPromote ? "yes" : "no"],
            ["promotion_score", disk === "UpToDate" ? 10_100 + sides.filter((side) => side.connection === "Connected").length : 0],
          ] satisfies Fields)
        : []),
    ],
    statistics: [["write-ordering", "flush"]],
  };
  const device: EventObject = {
    kind: "device",
    key: [...name, ["volume", 0], ["minor", minor]],
    fields: [
      ...(isNine ? ([["backing_dev", copy.backingDevice]] satisfies Fields) : []),
      ["disk", disk],
      ...(isNine
        ? ([
            ["client", "no"],
            ["open", role === "Primary" ? "yes" : "no"],
            ["quorum", hasQuorum(mirror, sides) ? "yes" : "no"],
          ] satisfies Fields)
        : []),
    ],
    statistics: [
      ["size", mirror.sizeKib],
      ["read", counters.read],
      ["written", counters.written],
      ["al-writes", counters.activityLog],
      ["bm-writes", counters.bitmap],
      ["upper-pending", 0],
      ["lower-pending", 0],
      ["al-suspended", "no"],
      ["blocked", "no"],
    ],
  };
  // The v84 utilities say `destroy connection` for one that stands alone: it is not there.
  const shown = isNine ? sides : sides.filter((side) => side.connection !== "StandAlone");
  const connections = shown.map((side) => connectionObject(cluster, mirror, side, isNine));
  const peers = shown.map((side) => peerDeviceObject(cluster, mirror, copy, side, isNine));
  const paths = isNine ? shown.map((side) => pathObject(cluster, mirror, copy, side)) : [];
  return [resource, ...connections, device, ...peers, ...paths];
}

function connectionKey(cluster: Cluster, mirror: Mirror, side: LinkSide, isNine: boolean): Fields {
  return [
    ["name", mirror.name],
    ["peer-node-id", isNine ? idOf(cluster, side.peer.node) : 0],
    ["conn-name", isNine ? side.peer.node : "peer"],
  ];
}

function connectionObject(cluster: Cluster, mirror: Mirror, side: LinkSide, isNine: boolean): EventObject {
  return {
    kind: "connection",
    key: connectionKey(cluster, mirror, side, isNine),
    fields: [
      ["connection", side.connection],
      ["role", side.peerRole],
    ],
    statistics: [
      ["congested", "no"],
      ...(isNine
        ? ([
            ["ap-in-flight", 0],
            ["rs-in-flight", 0],
          ] satisfies Fields)
        : []),
    ],
  };
}

function peerDeviceObject(cluster: Cluster, mirror: Mirror, copy: MirrorCopy, side: LinkSide, isNine: boolean): EventObject {
  return {
    kind: "peer-device",
    key: [...connectionKey(cluster, mirror, side, isNine), ["volume", 0]],
    fields: [
      ["replication", side.replication],
      ["peer-disk", side.peerDisk],
      ...(isNine ? ([["peer-client", "no"]] satisfies Fields) : []),
      ["resync-suspended", "no"],
    ],
    statistics: [
      ["received", copy.counters.received],
      ["sent", copy.counters.sent],
      ["out-of-sync", side.link.outOfSyncKib],
      ["pending", 0],
      ["unacked", 0],
    ],
  };
}

function pathObject(cluster: Cluster, mirror: Mirror, copy: MirrorCopy, side: LinkSide): EventObject {
  return {
    kind: "path",
    key: [
      ...connectionKey(cluster, mirror, side, true),
      ["local", `ipv4:${copy.address}:${mirror.port}`],
      ["peer", `ipv4:${side.peer.address}:${mirror.port}`],
    ],
    fields: [["established", side.connection === "Connected" ? "yes" : "no"]],
    statistics: [],
  };
}

/** What `drbdsetup status --json` says on a node of DRBD 9. */
export function statusResources(cluster: Cluster, node: SimNode, atMs: number): StatusResource[] {
  return mirrorsOn(cluster, node).map(({ mirror, copy }) => {
    const sides = sidesOf(mirror, copy.node);
    const { read, written, activityLog, bitmap } = copy.counters;
    return {
      name: mirror.name,
      nodeId: idOf(cluster, node.name),
      role: copy.role,
      device: {
        minor: copy.minor,
        disk: copy.disk,
        isOpen: copy.role === "Primary",
        hasQuorum: hasQuorum(mirror, sides),
        sizeKib: mirror.sizeKib,
        read,
        written,
        activityLog,
        bitmap,
      },
      connections: sides.map((side) => statusConnection(cluster, mirror, copy, side, atMs)),
    };
  });
}

function statusConnection(cluster: Cluster, mirror: Mirror, copy: MirrorCopy, side: LinkSide, atMs: number): StatusConnection {
  const { link, peer } = side;
  const sync = side.connection === "Connected" ? link.sync : null;
  const done = sync === null ? 0 : sync.totalKib - sync.leftKib;
  return {
    peerNodeId: idOf(cluster, peer.node),
    name: peer.node,
    connection: side.connection,
    peerRole: side.peerRole,
    local: { address: copy.address, port: mirror.port },
    remote: { address: peer.address, port: mirror.port },
    replication: side.replication,
    peerDisk: side.peerDisk,
    received: copy.counters.received,
    sent: copy.counters.sent,
    outOfSync: link.outOfSyncKib,
    percentInSync: Math.floor((1 - link.outOfSyncKib / mirror.sizeKib) * 10_000) / 100,
    progress:
      sync === null
        ? null
        : {
            kind: sync.kind,
            totalKib: sync.totalKib,
            leftKib: sync.leftKib,
            startedMsAgo: atMs - sync.startedAtMs,
            finishSeconds: sync.leftKib / sync.rateKibPerSec,
            rateMibPerSec: sync.rateKibPerSec / 1024,
            percentDone: Math.floor((done / sync.totalKib) * 10_000) / 100,
          },
  };
}

/** The node's DRBD settings. `isRunning`: as in the kernel (`drbdsetup show`), else as configured (`drbdadm dump-xml`). */
export function settingsOf(cluster: Cluster, node: SimNode, isRunning: boolean): ResourceSettings[] {
  const own = cluster.mirrors.flatMap((mirror) =>
    mirror.copies.filter((copy) => copy.node === node.name && (copy.isUp || !isRunning)).map((copy) => ({ mirror, copy })),
  );
  return own.map(({ mirror, copy }) => {
    const end = (one: MirrorCopy): SettingsEnd => {
      const { node: name, address, minor, backingDevice } = one;
      return { node: name, nodeId: idOf(cluster, name), address, port: mirror.port, minor, backingDevice };
    };
    const sides = sidesOf(mirror, copy.node);
    return {
      name: mirror.name,
      minor: copy.minor,
      backingDevice: copy.backingDevice,
      protocol: mirror.protocol,
      verifyAlg: mirror.verifyAlg,
      allowsTwo: copy.allowsTwo === true,
      fencing: node.drbd?.generation === "8.3" ? "dont-care" : "resource-and-stonith",
      local: end(copy),
      peers: sides.filter((side) => side.connection !== "StandAlone").map((side) => end(side.peer)),
      configured: sides.map((side) => end(side.peer)),
    };
  });
}
