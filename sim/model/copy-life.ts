// SPDX-License-Identifier: Apache-2.0
import { replicationWord } from "./drbd-life";
import { goodbyeLines, sayOnLink } from "./drbd-words";
import { partWays } from "./generation-life";
import { type Cluster, copyOf, type Mirror, type MirrorLink, otherEnd } from "./model";
import { later, print, type Scene } from "./scene";
import { cutVerify } from "./verify-life";

/** DRBD's resource agent starts: the copy is attached and looks for its peers. */
export function raiseCopy(scene: Scene, cluster: Cluster, mirror: Mirror, name: string): void {
  const copy = copyOf(mirror, name);
  copy.isUp = true;
  const node = cluster.nodes.find((candidate) => candidate.name === name);
  if (node) print(scene, node, `block drbd${copy.minor}: disk( Attaching -> ${copy.disk} ) `);
  for (const { a, b } of mirror.links.filter((link) => link.a === name || link.b === name)) {
    later(scene, cluster, 1_500 + copy.minor * 500, { kind: "linkFound", mirror: mirror.name, a, b });
  }
}

/** DRBD's resource agent stops, as `drbdadm down` does: the kernel forgets the copy, its peers wait for it. */
export function dropCopy(scene: Scene, cluster: Cluster, mirror: Mirror, name: string): void {
  const copy = copyOf(mirror, name);
  const node = cluster.nodes.find((candidate) => candidate.name === name);
  for (const link of mirror.links.filter((candidate) => candidate.a === name || candidate.b === name)) {
    if (link.state === "connected") {
      sayGoodbye(scene, cluster, mirror, link, name);
      // A Primary goes on without it: with fencing configured it must know that what it has is old from now on.
      if (node?.drbd?.generation !== "8.3" && copy.disk === "UpToDate" && copyOf(mirror, otherEnd(link, name)).role === "Primary") {
        copy.disk = "Outdated";
        if (node) print(scene, node, `block drbd${copy.minor}: disk( UpToDate -> Outdated ) `);
      }
    }
    // What one side was told by hand outlasts the other's absence.
    if (link.state !== "standAlone" || link.by === name || !copyOf(mirror, otherEnd(link, name)).isUp)
      Object.assign(link, { state: "waiting", by: null });
    link.sync = null;
  }
  Object.assign(copy, { isUp: false, role: "Secondary", counters: { ...copy.counters, sent: 0, received: 0, written: 0, read: 0 } });
}

function sayGoodbye(scene: Scene, cluster: Cluster, mirror: Mirror, link: MirrorLink, leaving: string): void {
  sayOnLink(scene, cluster, mirror, link, (self, other, voice) => {
    const peer = copyOf(mirror, other);
    const reached = cutVerify(mirror, link, voice.volume);
    return [...reached, ...goodbyeLines(voice, self === leaving, peer.role, replicationWord(link, self, voice.isNine), peer.disk)];
  });
}

/** `drbdadm disconnect` on one side: it stands alone, the other waits for it. */
export function leaveLink(scene: Scene, cluster: Cluster, mirror: Mirror, link: MirrorLink, leaving: string): void {
  if (link.state === "connected") {
    sayGoodbye(scene, cluster, mirror, link, leaving);
    partWays(scene, cluster, mirror, link);
  }
  Object.assign(link, { state: "standAlone", by: leaving, sync: null });
}

/** `drbdadm connect` on the side that stands alone: it looks for the other again, which waits for it, or still stands alone itself. */
export function joinLink(scene: Scene, cluster: Cluster, mirror: Mirror, link: MirrorLink, joining: string): void {
  if (link.state !== "standAlone" || (link.by !== joining && link.by !== null)) return;
  if (link.by === null) {
    link.by = otherEnd(link, joining);
    return;
  }
  Object.assign(link, { state: "waiting", by: null });
  later(scene, cluster, 800, { kind: "linkFound", mirror: mirror.name, a: link.a, b: link.b });
}
