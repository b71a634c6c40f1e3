// SPDX-License-Identifier: Apache-2.0
import { type Cluster, copyOf, type Mirror, type MirrorLink, otherEnd } from "./model";
import { print, type Scene } from "./scene";

/**
 * Two sides part. A Primary of 8.x begins a new generation of its data at once, one of 9 with the next write that its peer does not get;
 * without a Primary nobody does. Where no new generation was begun, meeting again copies nothing, whatever a verify has marked.
 * Source: a capture of 8.4.11 ("new current UUID" at the goodbye); the DRBD 9 user's guide, "Online device verification".
 */
export function partWays(scene: Scene, cluster: Cluster, mirror: Mirror, link: MirrorLink): void {
  const primary = primaryOf(mirror, link);
  const isNine = cluster.nodes.some(({ name, drbd }) => (name === link.a || name === link.b) && drbd?.generation === "9");
  if (primary !== null && !isNine) {
    link.isOnlyMarked = false;
    beginGeneration(scene, cluster, mirror, link, primary);
  } else link.isOnlyMarked = true;
}

/** The Primary wrote what the other side of the line did not get. */
export function wroteAlone(scene: Scene, cluster: Cluster, mirror: Mirror, link: MirrorLink, primary: string): void {
  if (link.isOnlyMarked !== true) return;
  link.isOnlyMarked = false;
  beginGeneration(scene, cluster, mirror, link, primary);
}

const DAY_MS = 86_400_000;

function primaryOf(mirror: Mirror, link: MirrorLink): string | null {
  return [link.a, link.b].find((name) => copyOf(mirror, name).role === "Primary") ?? null;
}

function beginGeneration(scene: Scene, cluster: Cluster, mirror: Mirror, link: MirrorLink, primary: string): void {
  const node = cluster.nodes.find(({ name }) => name === primary);
  if (!node?.drbd) return;
  const uuid = (beforeMs: number) =>
    Math.trunc(scene.fleet.atMs - beforeMs)
      .toString(16)
      .toUpperCase()
      .padStart(16, "A");
  const { minor } = copyOf(mirror, primary);
  const text =
    node.drbd.generation === "9"
      ? `drbd ${mirror.name}/0 drbd${minor} ${otherEnd(link, primary)}: new current UUID: ${uuid(0)} weak: FFFFFFFFFFFFFFFE`
      : `block drbd${minor}: new current UUID ${uuid(0)}:${uuid(DAY_MS)}:0000000000000000:0000000000000000`;
  print(scene, node, text);
}
