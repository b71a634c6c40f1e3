// SPDX-License-Identifier: Apache-2.0
import { intOrNull } from "@/agent/collectors/text";
import { unread, unreadPart } from "@/agent/collectors/unread";
import type { Host } from "@/agent/host/host";
import type { Unread } from "@/agent/protocol/errors";
import type { BlockDevice } from "@/agent/protocol/model/mounts";

const SYS = "/sys/block";
const SECTOR_BYTES = 512;
/** Most devices told of one node; hypervisors have hundreds. */
const MAX_BLOCKS = 512;
/** Nothing stands on these, and there are many. */
const DULL = /^(?:ram|zram|sr|fd|nbd)\d+$/;

/** The block devices of a node and what each stands on. A device that goes away while it is read is left out. */
export async function readBlocks(host: Host, names: readonly string[], problems: Unread[]): Promise<BlockDevice[]> {
  const wanted = names.filter((name) => !DULL.test(name));
  if (wanted.length > MAX_BLOCKS)
    problems.push(
      unreadPart("block devices", "COLLECT_TOO_LARGE", `Only the first ${MAX_BLOCKS} of ${wanted.length} block devices are read.`),
    );
  const read = await Promise.all(
    wanted.slice(0, MAX_BLOCKS).map(async (name) => {
      try {
        return await readDisk(host, name);
      } catch (error) {
        problems.push(unread(`block device ${name}`, error));
        return [];
      }
    }),
  );
  return read.flat();
}

/** A device and its partitions. */
async function readDisk(host: Host, name: string): Promise<BlockDevice[]> {
  const folder = `${SYS}/${name}`;
  const [disk, inside] = await Promise.all([readDevice(host, folder, name, null), host.list(folder)]);
  if (disk === null) return [];
  // An unused loop device has no size.
  if (name.startsWith("loop") && disk.sizeBytes === 0) return [];
  const parts = (inside ?? []).filter((entry) => entry.startsWith(name) && entry !== name);
  const partitions = await Promise.all(parts.map((part) => readDevice(host, `${folder}/${part}`, part, name)));
  return [disk, ...partitions.filter((partition) => partition !== null)];
}

async function readDevice(host: Host, folder: string, name: string, partOf: string | null): Promise<BlockDevice | null> {
  const isDm = name.startsWith("dm-");
  const [dev, size, slaves, dmName, dmUuid] = await Promise.all([
    host.read(`${folder}/dev`),
    host.read(`${folder}/size`),
    partOf === null ? host.list(`${folder}/slaves`) : null,
    isDm ? host.read(`${folder}/dm/name`) : null,
    isDm ? host.read(`${folder}/dm/uuid`) : null,
  ]);
  if (dev === null && size === null) return null;
  const sectors = intOrNull(size?.trim());
  return {
    name,
    majorMinor: dev?.trim() || null,
    sizeBytes: sectors === null || sectors < 0 ? null : sectors * SECTOR_BYTES,
    slaves: slaves ?? [],
    partOf,
    dmName: dmName?.trim() || null,
    dmUuid: dmUuid?.trim() || null,
  };
}
