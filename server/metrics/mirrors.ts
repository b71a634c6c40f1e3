// SPDX-License-Identifier: Apache-2.0
import type { EntityOf, View } from "@/agent/protocol/console/view";
import type { DrbdPeer } from "@/agent/protocol/model/drbd";
import { entitiesOf, gauge, isCurrent, type Metrics } from "./define";

const OF_SIDE = ["cluster", "node", "resource", "volume"] as const;
const OF_LINE = [...OF_SIDE, "peer"] as const;
const connection = gauge(
  "quarterdeck_drbd_connection_state",
  "The connection to a peer in DRBD's own word (Connected, Connecting, StandAlone …); 8.x in the words of 9; value is always 1",
  [...OF_LINE, "state"],
);
const replication = gauge(
  "quarterdeck_drbd_replication_state",
  "The replication with a peer in DRBD's own word (Established, SyncTarget, VerifyS …); 8.x in the words of 9; value is always 1",
  [...OF_LINE, "state"],
);
const outOfSync = gauge("quarterdeck_drbd_out_of_sync_bytes", "What this side counts as out of sync with the peer", OF_LINE);
const progress = gauge("quarterdeck_drbd_progress_ratio", "How far a resync or verify is, 0 to 1; no sample while none runs", [
  ...OF_LINE,
  "kind",
]);
const rate = gauge("quarterdeck_drbd_progress_bytes_per_second", "How fast a resync or verify is", [...OF_LINE, "kind"]);
const eta = gauge("quarterdeck_drbd_progress_remaining_seconds", "How long it will still take, as DRBD estimates", [...OF_LINE, "kind"]);
const stalled = gauge("quarterdeck_drbd_progress_stalled", "1 while DRBD says that it does not move", [...OF_LINE, "kind"]);
const suspended = gauge("quarterdeck_drbd_suspended", "1 while DRBD holds all I/O of the device", OF_SIDE);
const size = gauge("quarterdeck_drbd_size_bytes", "Size of the device", OF_SIDE);
const holders = gauge(
  "quarterdeck_mirror_holders",
  "Nodes that hold all of the mirror for certain: UpToDate, heard now, and connected to the Primary where there is one",
  ["cluster", "resource", "volume"],
);
const onlyHolder = gauge(
  "quarterdeck_mirror_only_holder",
  "The one node that holds all of it while every other copy is known not to; value is always 1",
  ["cluster", "resource", "volume", "node"],
);

/** A peer's name: its own, else, of a mirror of two, the other one; else nothing. */
function nameOfPeer(view: View, side: EntityOf<"drbd">, peer: DrbdPeer): string {
  if (peer.name !== null) return peer.name;
  const mirror = view.get(side.mirror);
  const others = mirror?.kind === "mirror" ? mirror.copies.filter(({ node }) => node !== side.from.node) : [];
  return others.length === 1 ? (others[0]?.node ?? "") : "";
}

export const mirrors: Metrics = {
  title: "DRBD and its mirrors",
  families: [connection, replication, outOfSync, progress, rate, eta, stalled, suspended, size, holders, onlyHolder],
  samplesOf: ({ facts: { slug: cluster }, view }) => [
    ...entitiesOf(view, "drbd").flatMap(({ entity: side }) => {
      const { device } = side;
      if (!isCurrent(view, side.from) || device.unconfigured) return [];
      const of = { cluster, node: side.from.node, resource: side.resource, volume: String(side.volume) };
      return [
        ...suspended.of(of, device.suspended),
        ...size.of(of, device.sizeBytes),
        ...device.peers.flatMap((peer) => {
          const to = { ...of, peer: nameOfPeer(view, side, peer) };
          const moves = peer.progress;
          const moving = { ...to, kind: moves?.kind ?? "" };
          return [
            ...connection.of({ ...to, state: peer.connection }, 1),
            ...replication.of({ ...to, state: peer.replication }, 1),
            ...outOfSync.of(to, peer.outOfSyncBytes),
            ...progress.of(moving, moves && moves.percent / 100),
            ...rate.of(moving, moves?.rateBytesPerSec),
            ...eta.of(moving, moves?.etaSeconds),
            ...stalled.of(moving, moves?.stalled),
          ];
        }),
      ];
    }),
    ...entitiesOf(view, "mirror").flatMap(({ entity: { resource, volume, holders: all, onlyHolder: node } }) => [
      ...holders.of({ cluster, resource, volume: String(volume) }, all?.length),
      ...(node ? onlyHolder.of({ cluster, resource, volume: String(volume), node }, 1) : []),
    ]),
  ],
};
