// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import type { DrbdDevice, DrbdPeer } from "@/agent/protocol/model/drbd";
import type { NodeFacts } from "@/server/cluster/facts";
import { splitPeers } from "@/server/cluster/split-brain";
import { byName } from "@/server/cluster/words";
import { type ClusterNow, gauge, type Metrics, type Sample, witnesses } from "./define";

// As ha_cluster_exporter has them (collector/drbd/drbd.go), which knows DRBD 9 alone; here for 8.x too. Traffic is in KiB, as there.
const OF_VOLUME = ["cluster", "instance", "resource", "volume"] as const;
const OF_PEER = ["cluster", "instance", "resource", "peer_node_id", "volume"] as const;
const resources = gauge("ha_cluster_drbd_resources", "The DRBD resources; 1 line per name, per volume", [
  "cluster",
  "instance",
  "resource",
  "role",
  "volume",
  "disk_state",
]);
const written = gauge("ha_cluster_drbd_written", "KiB written to DRBD; 1 line per res, per volume", OF_VOLUME);
const read = gauge("ha_cluster_drbd_read", "KiB read from DRBD; 1 line per res, per volume", OF_VOLUME);
const alWrites = gauge("ha_cluster_drbd_al_writes", "Writes to activity log; 1 line per res, per volume", OF_VOLUME);
const bmWrites = gauge("ha_cluster_drbd_bm_writes", "Writes to bitmap; 1 line per res, per volume", OF_VOLUME);
const upperPending = gauge("ha_cluster_drbd_upper_pending", "Upper pending; 1 line per res, per volume", OF_VOLUME);
const lowerPending = gauge("ha_cluster_drbd_lower_pending", "Lower pending; 1 line per res, per volume", OF_VOLUME);
const quorum = gauge("ha_cluster_drbd_quorum", "Quorum status per resource and per volume", OF_VOLUME);
const connections = gauge("ha_cluster_drbd_connections", "The DRBD resource connections; 1 line per per resource, per peer_node_id", [
  "cluster",
  "instance",
  "resource",
  "peer_node_id",
  "peer_role",
  "volume",
  "peer_disk_state",
]);
const sync = gauge("ha_cluster_drbd_connections_sync", "The in sync percentage value for DRBD resource connections", OF_PEER);
const received = gauge("ha_cluster_drbd_connections_received", "KiB received per connection", OF_PEER);
const sent = gauge("ha_cluster_drbd_connections_sent", "KiB sent per connection", OF_PEER);
const pending = gauge("ha_cluster_drbd_connections_pending", "Pending value per connection", OF_PEER);
const unacked = gauge("ha_cluster_drbd_connections_unacked", "Unacked value per connection", OF_PEER);
const splitBrain = gauge(
  "ha_cluster_drbd_split_brain",
  "Whether a split brain has been detected; 1 line per resource, per volume.",
  OF_VOLUME,
);

const kib = (bytes: number | null | undefined) => (bytes === null || bytes === undefined ? null : bytes / 1024);

/** What a resource is called where no source names it, as everywhere in the console. */
const nameOf = ({ resource, minor }: DrbdDevice) => resource ?? `minor-${minor}`;

/**
 * A number for a peer. DRBD 8.x has none: 0 and 1 stand for the two nodes of its mirror in the order of their names, so that
 * it stays the same whoever is asked.
 */
function peerIdOf({ view }: ClusterNow, own: string, device: DrbdDevice, peer: DrbdPeer): string {
  if (peer.nodeId !== undefined) return String(peer.nodeId);
  const side = view.get(keyOf.drbd(nameOf(device), device.volume ?? 0, own));
  const mirror = side?.kind === "drbd" ? view.get(side.mirror) : undefined;
  const all = mirror?.kind === "mirror" ? mirror.copies.map(({ node }) => node).sort(byName) : [own];
  const others = all.filter((node) => node !== own);
  const name = peer.name ?? (others.length === 1 ? others[0] : undefined);
  const place = name === undefined ? -1 : all.indexOf(name);
  // Nobody knows the peer's name: it is the other one.
  return String(place >= 0 ? place : all.length);
}

/** Percent in sync with a peer; null where the source tells neither progress nor what is out of sync. */
function syncedOf({ sizeBytes }: DrbdDevice, { progress, outOfSyncBytes }: DrbdPeer): number | null {
  if (progress?.kind === "resync") return progress.percent;
  if (outOfSyncBytes === null) return null;
  if (outOfSyncBytes === 0) return 100;
  return sizeBytes === null || sizeBytes === 0 ? null : Math.max(0, 100 * (1 - outOfSyncBytes / sizeBytes));
}

function ofDevice(cluster: ClusterNow, { node }: NodeFacts, device: DrbdDevice, split: ReadonlySet<DrbdPeer>): Sample[] {
  const { counters, peers } = device;
  const by = { cluster: cluster.facts.slug, instance: node, resource: nameOf(device), volume: String(device.volume ?? 0) };
  // Counted per device: with one peer they are that peer's, with more nobody says whose.
  const own = peers.length === 1 ? counters : null;
  return [
    ...resources.of({ ...by, role: device.role, disk_state: device.disk.toLowerCase() }, 1),
    ...written.of(by, kib(counters?.diskWrittenBytes)),
    ...read.of(by, kib(counters?.diskReadBytes)),
    ...alWrites.of(by, counters?.activityLogWrites),
    ...bmWrites.of(by, counters?.bitmapWrites),
    ...upperPending.of(by, counters?.applicationPending),
    ...lowerPending.of(by, counters?.localPending),
    ...quorum.of(by, device.hasQuorum),
    ...(peers.some((peer) => split.has(peer)) ? splitBrain.of(by, 1) : []),
    ...peers.flatMap((peer) => {
      const to = { ...by, peer_node_id: peerIdOf(cluster, node, device, peer) };
      return [
        ...connections.of({ ...to, peer_role: peer.role, peer_disk_state: peer.disk.toLowerCase() }, 1),
        ...sync.of(to, syncedOf(device, peer)),
        ...received.of(to, kib(own?.networkReceivedBytes)),
        ...sent.of(to, kib(own?.networkSentBytes)),
        ...pending.of(to, own?.peerPending),
        ...unacked.of(to, own?.unacknowledged),
      ];
    }),
  ];
}

export const haDrbd: Metrics = {
  title: "DRBD, as ha_cluster_exporter names it",
  families: [
    resources,
    written,
    read,
    alWrites,
    bmWrites,
    upperPending,
    lowerPending,
    quorum,
    connections,
    sync,
    received,
    sent,
    pending,
    unacked,
    splitBrain,
  ],
  samplesOf: (cluster) =>
    witnesses(cluster, "drbd").flatMap((node) => {
      const reading = node.sources.drbd?.reading;
      if (reading?.status !== "ok") return [];
      const split = new Set(splitPeers(node));
      // A minor that is not configured is no resource.
      return reading.value.devices.filter(({ unconfigured }) => !unconfigured).flatMap((device) => ofDevice(cluster, node, device, split));
    }),
};
