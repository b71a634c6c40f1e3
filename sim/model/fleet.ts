// SPDX-License-Identifier: Apache-2.0
import { attic } from "./attic";
import type { Fleet, Mirror, SimNode } from "./model";
import { north } from "./north";
import { sanA } from "./san-a";

/** The fleet as it stands when the simulation begins. `isCalm`: everything in sync and nothing amiss. */
export function newFleet(options: { atMs: number; isCalm: boolean; pace: number; newId: () => string }): Fleet {
  const { atMs, isCalm, pace, newId } = options;
  const clusters = [sanA, attic, north].map((make) => make(atMs, isCalm, newId));
  for (const cluster of clusters) for (const mirror of cluster.mirrors) countSinceBoot(mirror, cluster.nodes, atMs);
  return {
    atMs,
    clusters,
    agenda: [],
    seed: 20_260_711,
    pace,
  };
}

/** Counters as they are after writing at the mirror's pace since the later of the boots. */
function countSinceBoot(mirror: Mirror, nodes: readonly SimNode[], atMs: number): void {
  const bootedAtMs = Math.max(
    ...nodes.filter((node) => mirror.copies.some((copy) => copy.node === node.name)).map((node) => node.bootedAtMs),
  );
  const kib = Math.round((mirror.writeKibPerSec * (atMs - bootedAtMs)) / 1000 / 4) * 4;
  for (const copy of mirror.copies) {
    const isPrimary = copy.role === "Primary";
    copy.counters = {
      ...copy.counters,
      written: kib,
      sent: isPrimary ? kib : 0,
      received: isPrimary ? 0 : kib,
      read: isPrimary ? kib * 3 : 0,
    };
  }
}
