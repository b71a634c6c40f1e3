// SPDX-License-Identifier: Apache-2.0
import type { CopyThen } from "@/agent/protocol/console/history";
import { nameOf } from "@/server/cluster/drbd-words";
import type { ClusterFacts } from "@/server/cluster/facts";

/** A card names so many copies at the most. */
const MOST_COPIES = 64;

/** Every copy as each node last said it, with its age; null when no node's DRBD was ever read well. */
export function copiesThen(facts: ClusterFacts): CopyThen[] | null {
  let isRead = false;
  const copies: CopyThen[] = [];
  for (const { node, sources } of facts.nodes.values()) {
    const drbd = sources.drbd;
    if (!drbd?.lastOk || drbd.okAtMs === null) continue;
    isRead = true;
    for (const device of drbd.lastOk.value.devices) {
      if (device.unconfigured) continue;
      const base = { mirror: nameOf(device), node, role: device.role, disk: device.disk, readAtMs: drbd.okAtMs };
      const alone = { ...base, peer: null, peerDisk: null, connection: null, outOfSyncBytes: null };
      const pairs = device.peers.map(({ name, disk, connection, outOfSyncBytes }) => ({
        ...base,
        peer: name,
        peerDisk: disk,
        connection,
        outOfSyncBytes,
      }));
      copies.push(...(pairs.length > 0 ? pairs : [alone]));
    }
  }
  return isRead ? copies.slice(0, MOST_COPIES) : null;
}
