// SPDX-License-Identifier: Apache-2.0
import type { AoeDisk, Cluster, SimArray, SimNode } from "./model";
import { print, type Scene } from "./scene";

/** What the bitmap says has to be copied when a leg comes back soon: 2 GiB. */
const BEHIND_KIB = 2 * 1024 * 1024;
const RATE_KIB_PER_SEC = 112 * 1024;

/** The kernel's name of an AoE device. */
export function aoeName(disk: Pick<AoeDisk, "shelf" | "slot">): string {
  return `etherd/e${disk.shelf}.${disk.slot}`;
}

function find(node: SimNode, device: string): { array: SimArray; leg: SimArray["legs"][number] } | null {
  for (const array of node.arrays) {
    const leg = array.legs.find((one) => one.device === device);
    if (leg) return { array, leg };
  }
  return null;
}

/** A write to a leg failed: md goes on without it. */
export function failLeg(scene: Scene, node: SimNode, device: string): void {
  const found = find(node, device);
  if (!found || found.leg.state === "failed") return;
  const { array, leg } = found;
  leg.state = "failed";
  array.recovery = null;
  const left = array.legs.filter(({ state }) => state === "inSync").length;
  print(scene, node, `md/raid1:${array.name}: Disk failure on ${device}, disabling device.`, 2);
  print(scene, node, `md/raid1:${array.name}: Operation continuing on ${left} devices.`, 2);
}

/** The leg is added again, by hand or by udev: its bitmap says what it missed. */
export function addLeg(scene: Scene, node: SimNode, device: string): void {
  const found = find(node, device);
  if (found?.leg.state !== "failed") return;
  found.leg.state = "rebuilding";
  found.array.recovery = { leftKib: BEHIND_KIB };
  print(scene, node, `md: recovery of RAID array ${found.array.name}`);
}

/** One step of time for every rebuild, and for legs whose device went or came back. */
export function advanceArrays(scene: Scene, cluster: Cluster, dtMs: number): void {
  for (const node of cluster.nodes) {
    if (node.power !== "on") continue;
    for (const array of node.arrays) {
      if (!array.recovery) continue;
      array.recovery.leftKib -= (RATE_KIB_PER_SEC * scene.fleet.pace * dtMs) / 1_000;
      if (array.recovery.leftKib > 0) continue;
      array.recovery = null;
      for (const leg of array.legs) if (leg.state === "rebuilding") leg.state = "inSync";
      print(scene, node, `md: ${array.name}: recovery done.`);
    }
  }
}

/** What is left of a rebuild, and how fast it goes, as md prints it. */
export function recoveryOf(array: SimArray) {
  if (!array.recovery) return null;
  const leftKib = Math.max(0, Math.round(array.recovery.leftKib));
  return {
    doneKib: array.sizeKib - leftKib,
    totalKib: array.sizeKib,
    rateKibPerSec: RATE_KIB_PER_SEC,
    minutes: leftKib / RATE_KIB_PER_SEC / 60,
  };
}
