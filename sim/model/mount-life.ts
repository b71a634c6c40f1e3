// SPDX-License-Identifier: Apache-2.0
import type { Cluster, SimMount, SimNode } from "./model";
import { print, type Scene } from "./scene";

/** What a node has mounted now: its own, and what the cluster's Filesystem resources mounted there. */
export function mountsOn(cluster: Cluster, node: SimNode): SimMount[] {
  const ofCluster = cluster.pacemaker.services.flatMap(({ primitives }) =>
    primitives.flatMap(({ agent, parameters, state, node: at }): SimMount[] => {
      const { device, directory, fstype } = parameters;
      const isMounted = at === node.name && (state === "Started" || state === "Stopping");
      if (agent !== "ocf:heartbeat:Filesystem" || !isMounted || !device || !directory || !fstype) return [];
      return [{ device, mountPoint: directory, type: fstype }];
    }),
  );
  const gone = node.absent.arrays.map(({ name }) => `/dev/${name}`);
  const own = node.mounts.filter(({ device }) => !gone.includes(device));
  return [{ device: "/dev/vda1", mountPoint: "/", type: "ext4" }, ...own, ...ofCluster];
}

/** Where ext4 is mounted: it is the one that turns read-only by itself. */
export function mayStop(cluster: Cluster, node: SimNode): string[] {
  return mountsOn(cluster, node).flatMap(({ mountPoint, type }) => (type === "ext4" && mountPoint !== "/" ? [mountPoint] : []));
}

/** An error in the journal: ext4 takes no more writes. Source of the lines: fs/ext4/super.c, Linux 6.1. */
export function stopWrites(scene: Scene, cluster: Cluster, node: SimNode, mountPoint: string): void {
  const mount = mountsOn(cluster, node).find((one) => one.mountPoint === mountPoint);
  if (!mount || node.stopped.includes(mountPoint)) return;
  node.stopped.push(mountPoint);
  const device = mount.device.replace("/dev/", "");
  print(scene, node, `EXT4-fs error (device ${device}): ext4_journal_check_start:83: comm kworker/u32:1: Detected aborted journal`, 2);
  print(scene, node, `EXT4-fs (${device}): Remounting filesystem read-only`, 2);
}
