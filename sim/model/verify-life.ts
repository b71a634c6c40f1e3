// SPDX-License-Identifier: Apache-2.0
import { sayOnLink, verifyBeginsLines, verifyDoneLines } from "./drbd-words";
import { type Cluster, copyOf, type Mirror, type MirrorLink, otherEnd, type SectorRange, type Sync } from "./model";
import { chance, type Scene } from "./scene";

/** Rate of a verify that nobody configured otherwise, KiB/s. */
const VERIFY_KIB_PER_SEC = 170 * 1024;
const BLOCK_SECTORS = 8;

/** A refusal in the kernel's number and words. Source: drbd_state_sw_errors, drbd_strings.c of 8.4. */
export interface KernelRefusal {
  number: number;
  words: string;
}

/** Why the kernel of one side would not start a verify; null where it would. With a Diskless peer it would, and do nothing. */
export function verifyRefusal(mirror: Mirror, link: MirrorLink, from: string): KernelRefusal | null {
  if (link.state !== "connected") return { number: -15, words: "Need a connection to start verify or resync" };
  if (mirror.verifyAlg === null) return { number: -14, words: "Need a verify algorithm to start online verify" };
  // Asked again, the side that verifies already finds nothing to do.
  if (link.sync !== null && !(link.sync.kind === "verify" && link.sync.from === from))
    return { number: -8, words: "Can not start OV/resync since it is already active" };
  if (copyOf(mirror, from).disk === "Diskless") return { number: -4, words: "Can not resync without local disk" };
  return null;
}

/**
 * Starts a verify from one side, or moves the end of the one that it runs. `startSector` null: where the last one was cut.
 * @throws when DRBD would refuse it, with its reason
 */
export function startVerify(
  scene: Scene,
  cluster: Cluster,
  mirror: Mirror,
  from: string,
  {
    peer = null,
    startSector = 0,
    stopSector = null,
  }: { peer?: string | null; startSector?: number | null; stopSector?: number | null } = {},
): void {
  const links = mirror.links.filter((one) => (one.a === from || one.b === from) && (peer === null || otherEnd(one, from) === peer));
  if (links.length === 0) throw new Error(`${mirror.name} has no copy on ${from}${peer === null ? "" : ` with a peer ${peer}`}.`);
  for (const link of links) {
    const refusal = verifyRefusal(mirror, link, from);
    if (refusal !== null) throw new Error(`${mirror.name}: ${refusal.words} (${refusal.number}).`);
    if (link.sync !== null) {
      link.sync.stopAtSector = stopSector;
      continue;
    }
    if (copyOf(mirror, otherEnd(link, from)).disk === "Diskless") continue;
    begin(scene, cluster, mirror, link, from, startSector ?? link.reachedSector, stopSector);
  }
}

function begin(
  scene: Scene,
  cluster: Cluster,
  mirror: Mirror,
  link: MirrorLink,
  from: string,
  startSector: number,
  stopSector: number | null,
): void {
  const kib = mirror.sizeKib - startSector / 2;
  link.sync = {
    kind: "verify",
    from,
    totalKib: kib,
    leftKib: kib,
    rateKibPerSec: VERIFY_KIB_PER_SEC,
    startedAtMs: scene.fleet.atMs,
    stopAtSector: stopSector,
    // What is written while it is compared lies on other blocks each time.
    fleeting: Array.from({ length: link.fleetingBlocks }, () => blockAt(chance(scene), mirror)),
  };
  sayOnLink(scene, cluster, mirror, link, (self, _other, voice) => verifyBeginsLines(voice, self === from, startSector));
}

/** The block at a share of the device. */
export function blockAt(share: number, mirror: Mirror): SectorRange {
  return { startSector: Math.floor((share * mirror.sizeKib) / 4) * BLOCK_SECTORS, sectors: BLOCK_SECTORS };
}

/** The verify has compared up to here now: what differs on the way is logged and marked. @returns whether it is at its end */
export function passVerify(scene: Scene, cluster: Cluster, mirror: Mirror, link: MirrorLink, sync: Sync, beforeSector: number): boolean {
  const sector = reachedSector(mirror, sync);
  const passed = [...link.rotten, ...(sync.fleeting ?? [])]
    .filter(({ startSector }) => startSector >= beforeSector && startSector < sector)
    .sort((a, b) => a.startSector - b.startSector);
  for (const range of passed) {
    sayOnLink(scene, cluster, mirror, link, (_self, _other, voice) => [
      `${voice.volume} Out of sync: start=${range.startSector}, size=${range.sectors} (sectors)`,
    ]);
    // A bit that is set already is not set again.
    if (link.marked.some(({ startSector }) => startSector === range.startSector)) continue;
    link.marked.push(range);
    link.outOfSyncKib += range.sectors / 2;
  }
  return sync.leftKib <= 0 || (typeof sync.stopAtSector === "number" && sector >= sync.stopAtSector);
}

/** How far a verify has come, in sectors of the device. */
export function reachedSector(mirror: Mirror, sync: Sync): number {
  return (mirror.sizeKib - sync.leftKib) * 2;
}

/** It is through, or at the sector where it was told to stop: the kernel says "done" of both. */
export function endVerify(scene: Scene, cluster: Cluster, mirror: Mirror, link: MirrorLink, sync: Sync): void {
  const seconds = Math.max(1, Math.round((scene.fleet.atMs - sync.startedAtMs) / 1000));
  const rate = Math.round((sync.totalKib - sync.leftKib) / seconds);
  link.sync = null;
  link.reachedSector = sync.leftKib <= 0 ? 0 : reachedSector(mirror, sync);
  sayOnLink(scene, cluster, mirror, link, (self, _other, voice) =>
    verifyDoneLines(voice, self === sync.from, seconds, rate, link.outOfSyncKib),
  );
}

/** The line that a verify leaves when its connection goes, and where the next one would go on; none where none ran. */
export function cutVerify(mirror: Mirror, link: MirrorLink, volume: string): string[] {
  const { sync } = link;
  if (sync?.kind !== "verify") return [];
  link.reachedSector = reachedSector(mirror, sync);
  return [`${volume} Online Verify reached sector ${link.reachedSector}`];
}

/** A resync copied what was marked: there the copies are the same again. What nobody found stays as it is. */
export function mendMarked(link: MirrorLink): void {
  link.rotten = link.rotten.filter((range) => !link.marked.some(({ startSector }) => startSector === range.startSector));
  link.marked = [];
}
