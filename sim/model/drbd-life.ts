// SPDX-License-Identifier: Apache-2.0
import { agreedLines, greetingLines, lostLines, resyncBeginsLines, resyncDoneLines, sayOnLink, splitBrainLines } from "./drbd-words";
import { wroteAlone } from "./generation-life";
import { type Cluster, copyOf, type Mirror, type MirrorLink, otherEnd } from "./model";
import { carries } from "./network-life";
import { chance, isOn, later, print, type Scene } from "./scene";
import { cutVerify, endVerify, mendMarked, passVerify, reachedSector } from "./verify-life";

/** Rate of a resync that nobody configured otherwise, KiB/s. */
export const RESYNC_KIB_PER_SEC = 104 * 1024;
/** What a crashed Primary has to copy again whatever was written: the extents its activity log held, 4 MiB each. */
const HOT_EXTENTS_KIB = 600 * 4096;
/** Writes of a busy service fall on the same blocks again and again: this share of them is new to the bitmap. */
const NEW_BLOCKS = 0.3;

/** True when packets of the mirror can travel between the two nodes. */
export function isPathOpen(cluster: Cluster, link: MirrorLink): boolean {
  return [link.a, link.b].every((name) => {
    const node = cluster.nodes.find((candidate) => candidate.name === name);
    return node?.power === "on" && node.mirrorInterface !== null && carries(node, node.mirrorInterface);
  });
}

function linkOf(cluster: Cluster, act: { mirror: string; a: string; b: string }): { mirror: Mirror; link: MirrorLink } | null {
  const mirror = cluster.mirrors.find((candidate) => candidate.name === act.mirror);
  const link = mirror?.links.find((candidate) => candidate.a === act.a && candidate.b === act.b);
  return mirror && link ? { mirror, link } : null;
}

/** DRBD's word for what a link does, seen from `self`. */
export function replicationWord(link: MirrorLink, self: string, isNine: boolean): string {
  if (link.sync === null) return isNine ? "Established" : "Connected";
  const isFrom = link.sync.from === self;
  return link.sync.kind === "resync" ? (isFrom ? "SyncSource" : "SyncTarget") : isFrom ? "VerifyS" : "VerifyT";
}

/** One step of time: services write, resyncs and verifies move. */
export function advanceMirrors(scene: Scene, cluster: Cluster, dtMs: number): void {
  for (const mirror of cluster.mirrors) {
    write(scene, cluster, mirror, dtMs);
    for (const link of mirror.links) if (link.sync && isPathOpen(cluster, link)) moveSync(scene, cluster, mirror, link, dtMs);
  }
}

function write(scene: Scene, cluster: Cluster, mirror: Mirror, dtMs: number): void {
  const primary = mirror.copies.find((copy) => copy.role === "Primary" && copy.isUp && isOn(cluster, copy.node));
  if (!primary) return;
  const links = mirror.links.filter((link) => link.a === primary.node || link.b === primary.node);
  // Protocol C: as long as a dead peer counts as connected, every write waits for it.
  if (links.some((link) => link.state === "connected" && !isPathOpen(cluster, link))) return;
  const kib = Math.round(mirror.writeKibPerSec * (0.8 + 0.4 * chance(scene)) * (dtMs / 1000));
  primary.counters.written += kib;
  primary.counters.activityLog += kib > 0 && chance(scene) < 0.05 ? 1 : 0;
  for (const link of links) {
    if (link.state === "connected") {
      const peer = copyOf(mirror, otherEnd(link, primary.node));
      primary.counters.sent += kib;
      peer.counters.received += kib;
      peer.counters.written += kib;
    } else {
      if (kib > 0) wroteAlone(scene, cluster, mirror, link, primary.node);
      link.outOfSyncKib = Math.min(mirror.sizeKib, link.outOfSyncKib + Math.round((kib * NEW_BLOCKS) / 4) * 4);
    }
  }
}

function moveSync(scene: Scene, cluster: Cluster, mirror: Mirror, link: MirrorLink, dtMs: number): void {
  const { sync } = link;
  if (sync === null) return;
  const jitter = 0.94 + 0.12 * chance(scene);
  const kib = Math.min(sync.leftKib, Math.round((sync.rateKibPerSec * jitter * scene.fleet.pace * dtMs) / 1000 / 4) * 4);
  const beforeSector = reachedSector(mirror, sync);
  sync.leftKib -= kib;
  const from = copyOf(mirror, sync.from);
  const to = copyOf(mirror, otherEnd(link, sync.from));
  from.counters.read += kib;
  if (sync.kind === "resync") {
    from.counters.sent += kib;
    to.counters.received += kib;
    to.counters.written += kib;
    link.outOfSyncKib = sync.leftKib;
  } else {
    to.counters.read += kib;
    if (passVerify(scene, cluster, mirror, link, sync, beforeSector)) endVerify(scene, cluster, mirror, link, sync);
    return;
  }
  if (sync.leftKib <= 0) finishResync(scene, cluster, mirror, link);
}

function finishResync(scene: Scene, cluster: Cluster, mirror: Mirror, link: MirrorLink): void {
  const { sync } = link;
  if (sync === null) return;
  const seconds = Math.max(1, Math.round((scene.fleet.atMs - sync.startedAtMs) / 1000));
  const rate = Math.round(sync.totalKib / seconds);
  link.sync = null;
  link.outOfSyncKib = 0;
  mendMarked(link);
  copyOf(mirror, otherEnd(link, sync.from)).disk = "UpToDate";
  sayOnLink(scene, cluster, mirror, link, (self, _other, voice) => resyncDoneLines(voice, self === sync.from, seconds, rate));
  later(scene, cluster, 300, { kind: "step" });
}

/** Each living side notices that the other does not answer. */
export function loseLink(scene: Scene, cluster: Cluster, act: { mirror: string; a: string; b: string }): void {
  const found = linkOf(cluster, act);
  if (!found || found.link.state === "waiting" || found.link.state === "standAlone" || isPathOpen(cluster, found.link)) return;
  const { mirror, link } = found;
  sayOnLink(scene, cluster, mirror, link, (self, other, voice) => {
    const peer = copyOf(mirror, other);
    const reached = cutVerify(mirror, link, voice.volume);
    return lostLines(voice, peer.role, replicationWord(link, self, voice.isNine), peer.disk, reached);
  });
  link.state = "waiting";
  link.sync = null;
  for (const name of [link.a, link.b]) {
    if (isOn(cluster, name)) continue;
    const dead = copyOf(mirror, name);
    if (dead.role === "Primary") link.outOfSyncKib = Math.min(mirror.sizeKib, link.outOfSyncKib + HOT_EXTENTS_KIB);
    Object.assign(dead, { isUp: false, role: "Secondary" });
  }
}

/** Two sides that wait for each other meet. */
export function findLink(scene: Scene, cluster: Cluster, act: { mirror: string; a: string; b: string }): void {
  const found = linkOf(cluster, act);
  if (found?.link.state !== "waiting" || !isPathOpen(cluster, found.link)) return;
  const { mirror, link } = found;
  if (!copyOf(mirror, link.a).isUp || !copyOf(mirror, link.b).isUp) return;
  link.state = "handshake";
  sayOnLink(scene, cluster, mirror, link, (_self, _other, voice) => greetingLines(voice));
  later(scene, cluster, 600, { kind: "linkAgreed", ...act });
}

/** Both wrote while they were apart, and met: each refuses the other's data, and stays alone until a person decides. */
export function splitLink(scene: Scene, cluster: Cluster, mirror: Mirror, link: MirrorLink): void {
  Object.assign(link, { state: "standAlone", by: null, sync: null });
  link.outOfSyncKib += 4 * 1_024;
  sayOnLink(scene, cluster, mirror, link, (self, _other, voice) => [
    ...greetingLines(voice),
    ...splitBrainLines(voice, copyOf(mirror, self).minor),
  ]);
}

/** They agree what has to be copied, and which way. */
export function agreeLink(scene: Scene, cluster: Cluster, act: { mirror: string; a: string; b: string }): void {
  const found = linkOf(cluster, act);
  if (found?.link.state !== "handshake" || !isPathOpen(cluster, found.link)) return;
  const { mirror, link } = found;
  const a = copyOf(mirror, link.a);
  const b = copyOf(mirror, link.b);
  link.state = "connected";
  // Nothing was written meanwhile: an old copy that finds its Primary again is not old.
  const [primary, old] = a.role === "Primary" ? [a, b] : [b, a];
  if (link.outOfSyncKib === 0 && primary.role === "Primary" && primary.disk === "UpToDate" && old.disk === "Outdated")
    old.disk = "UpToDate";
  if (link.isOnlyMarked === true && a.disk === "UpToDate" && b.disk === "UpToDate") {
    const bits = Math.round(link.outOfSyncKib / 4);
    sayOnLink(scene, cluster, mirror, link, (_self, other, voice) => [
      ...(bits > 0 ? [`${voice.volume} No resync, but ${bits} bits in bitmap!`] : []),
      ...agreedLines(voice, copyOf(mirror, other).role),
    ]);
    return;
  }
  // With a third copy it is that one's resync which brings an old copy up to date; this link has nothing to add.
  const isAgreed = mirror.copies.length > 2 || (a.disk === "UpToDate" && b.disk === "UpToDate");
  if (link.outOfSyncKib === 0 && isAgreed) {
    sayOnLink(scene, cluster, mirror, link, (_self, other, voice) => agreedLines(voice, copyOf(mirror, other).role));
    return;
  }
  const isATarget = a.disk !== "UpToDate" || (b.disk === "UpToDate" && b.role === "Primary");
  const [source, target] = isATarget ? [b, a] : [a, b];
  const kib = Math.max(4, Math.round(link.outOfSyncKib / 4) * 4);
  target.disk = "Inconsistent";
  link.outOfSyncKib = kib;
  link.sync = {
    kind: "resync",
    from: source.node,
    totalKib: kib,
    leftKib: kib,
    rateKibPerSec: RESYNC_KIB_PER_SEC,
    startedAtMs: scene.fleet.atMs,
  };
  sayOnLink(scene, cluster, mirror, link, (self, other, voice) =>
    resyncBeginsLines(voice, self === source.node, copyOf(mirror, other).role, kib),
  );
}

/** A copy becomes Primary or Secondary, and its kernel says so. */
export function changeRole(scene: Scene, cluster: Cluster, mirror: Mirror, on: string, role: "Primary" | "Secondary"): void {
  const copy = copyOf(mirror, on);
  if (copy.role === role) return;
  const before = copy.role;
  copy.role = role;
  for (const node of cluster.nodes) {
    if (!node.drbd || !mirror.copies.some((candidate) => candidate.node === node.name)) continue;
    const isNine = node.drbd.generation === "9";
    if (node.name === on) {
      print(
        scene,
        node,
        isNine ? `drbd ${mirror.name}: role( ${before} -> ${role} )` : `block drbd${copy.minor}: role( ${before} -> ${role} ) `,
      );
    } else {
      const { minor } = copyOf(mirror, node.name);
      const isConnected = mirror.links.some(
        (link) => link.state === "connected" && [link.a, link.b].includes(on) && [link.a, link.b].includes(node.name),
      );
      if (isConnected)
        print(
          scene,
          node,
          isNine ? `drbd ${mirror.name} ${on}: peer( ${before} -> ${role} )` : `block drbd${minor}: peer( ${before} -> ${role} ) `,
        );
    }
  }
}
