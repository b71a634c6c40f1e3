// SPDX-License-Identifier: Apache-2.0
import { RESYNC_KIB_PER_SEC } from "./drbd-life";
import { sayOnLink, takesBlocksLines } from "./drbd-words";
import { type Cluster, copyOf, type Mirror, type MirrorLink, otherEnd } from "./model";
import type { Scene } from "./scene";

/** One side of a connected pair gives its data up, all of it or what is marked, and is brought up from the other. */
export function takeFromPeer(scene: Scene, cluster: Cluster, mirror: Mirror, link: MirrorLink, self: string, isWhole: boolean): void {
  const kib = isWhole ? mirror.sizeKib : link.outOfSyncKib;
  // Nothing is marked: it is through before it has begun.
  if (kib === 0) return;
  const from = otherEnd(link, self);
  copyOf(mirror, self).disk = "Inconsistent";
  link.outOfSyncKib = kib;
  link.sync = { kind: "resync", from, totalKib: kib, leftKib: kib, rateKibPerSec: RESYNC_KIB_PER_SEC, startedAtMs: scene.fleet.atMs };
  sayOnLink(scene, cluster, mirror, link, (side, _other, voice) => takesBlocksLines(voice, side === from, kib, isWhole));
}
