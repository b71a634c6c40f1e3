// SPDX-License-Identifier: Apache-2.0
import { raiseCopy } from "./copy-life";
import { askFence } from "./fence-life";
import { type Cluster, memberOf, mirrorOf } from "./model";
import { isCopyWanted, isManaged } from "./placement";
import { isQuorate, pacemakerAnswers } from "./quorum";
import { isOn, later, type Scene, touch } from "./scene";
import { STEP_MS } from "./service-life";

/** Corosync's token ran out: the others go on without the node, and have it fenced. */
export function loseMember(scene: Scene, cluster: Cluster, name: string): void {
  const { pacemaker } = cluster;
  const member = memberOf(cluster, name);
  if (!member?.isOnline || isOn(cluster, name)) return;
  const witness = pacemaker.members.find((candidate) => candidate.isOnline && !candidate.isPending && isOn(cluster, candidate.node));
  // Nobody is left to notice.
  if (!witness) return;
  member.isOnline = false;
  member.isPending = false;
  if (pacemaker.dc === name) pacemaker.dc = witness.node;
  if (pacemaker.isStonithEnabled && isQuorate(cluster)) {
    askFence(scene, cluster, name, { action: "reboot", client: null, origin: null });
    return;
  }
  touch(scene, cluster);
}

/** Corosync on a booted node found the others; its Pacemaker has not joined yet. */
export function joinCorosync(scene: Scene, cluster: Cluster, name: string): void {
  const member = memberOf(cluster, name);
  if (!member || !isOn(cluster, name)) return;
  Object.assign(member, { isOnline: true, isPending: true, isUnclean: false });
  if (!pacemakerAnswers(cluster, cluster.pacemaker.dc)) cluster.pacemaker.dc = name;
  touch(scene, cluster);
  later(scene, cluster, 2_000, { kind: "pacemakerJoined", node: name });
}

/** Pacemaker joined: what the cluster wants on the node is started, the mirrors first. */
export function joinPacemaker(scene: Scene, cluster: Cluster, name: string): void {
  const member = memberOf(cluster, name);
  if (!member?.isPending || !isOn(cluster, name)) return;
  member.isPending = false;
  for (const service of cluster.pacemaker.services) {
    for (const layer of service.stack) {
      const mirror = mirrorOf(cluster, layer.mirror);
      const copy = mirror.copies.find((candidate) => candidate.node === name);
      if (!copy || copy.isUp || !isManaged(cluster, [layer.clone, layer.drbd], name)) continue;
      if (isCopyWanted(cluster, layer.clone, name, scene.fleet.atMs)) raiseCopy(scene, cluster, mirror, name);
    }
  }
  touch(scene, cluster);
  later(scene, cluster, STEP_MS, { kind: "step" });
}
