// SPDX-License-Identifier: Apache-2.0
import { type Mount, SHARED_FILE_SYSTEMS } from "@/agent/protocol/model/mounts";
import type { MountLine } from "./parse";

/** Most mounts told of one node. */
export const MAX_MOUNTS = 256;

/** Images of packages: on loop devices, and nobody's data. */
const IMAGES: ReadonlySet<string> = new Set(["squashfs", "erofs", "iso9660"]);

/**
 * What is worth telling of a mount table: file systems on block devices, of pools and of the network, each place once (the
 * last mount there hides those before), and of a file system that is mounted in many places no part of it (a bind, as
 * containers make by the dozen). `more` counts what the bound leaves out,
 * `cut` names the places whose options are not all told.
 */
export function chooseMounts(lines: readonly MountLine[]): { mounts: Mount[]; more: number; cut: string[] } {
  const byPlace = new Map<string, MountLine>();
  for (const line of lines) {
    byPlace.delete(line.mountPoint);
    byPlace.set(line.mountPoint, line);
  }
  const kept = [...byPlace.values()].filter((line) => isTold(line));
  const whole = kept.filter((line) => !isPart(line));
  const known = new Set(whole.map(({ device, majorMinor }) => `${majorMinor} ${device}`));
  const told = kept.filter((line) => {
    if (!isPart(line)) return true;
    // A part is told where nothing else shows that the device is in use at all.
    const key = `${line.majorMinor} ${line.device}`;
    if (known.has(key)) return false;
    known.add(key);
    return true;
  });
  const shown = told.slice(0, MAX_MOUNTS);
  return {
    mounts: shown.map(({ root: _, isCut: __, ...mount }) => mount),
    more: told.length - shown.length,
    cut: shown.flatMap(({ isCut, mountPoint }) => (isCut ? [mountPoint] : [])),
  };
}

function isTold({ type, device }: MountLine): boolean {
  if (IMAGES.has(type)) return false;
  return device.startsWith("/dev/") || SHARED_FILE_SYSTEMS.has(type) || type === "zfs" || type === "btrfs";
}

/** A subvolume of btrfs is a whole of its own; of anything else a root below "/" is a bind of a folder. */
function isPart({ type, root }: MountLine): boolean {
  return root !== null && root !== "/" && type !== "btrfs";
}
