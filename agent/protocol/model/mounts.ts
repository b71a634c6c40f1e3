// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { Unread } from "../errors";

/** A mounted file system on a block device, of a pool, or of another host. Pseudo file systems and binds of parts are left out. */
export const Mount = z.object({
  /** Octal escapes decoded: may hold blanks. */
  mountPoint: z.string(),
  /** As the kernel prints it: "/dev/drbd1", "/dev/mapper/vg0-mail", "tank/mail", "10.20.5.10:/export". */
  device: z.string(),
  /** "147:1"; null from `/proc/mounts`, which does not say. */
  majorMinor: z.string().nullable(),
  /** "ext4", "xfs", "ocfs2", "nfs4" … */
  type: z.string(),
  isReadOnly: z.boolean(),
  /** True: mounted to be written, and read-only all the same: the file system stopped writes itself, after an error. Null: not said. */
  wentReadOnly: z.boolean().nullable(),
  /** Of the mount, then of the file system, each once. */
  options: z.array(z.string()),
});
export type Mount = z.infer<typeof Mount>;

/** File systems made to be mounted on many hosts at once: of another host, or of a whole cluster. */
export const SHARED_FILE_SYSTEMS: ReadonlySet<string> = new Set([
  "ocfs2",
  "gfs2",
  "gfs",
  "nfs",
  "nfs4",
  "cifs",
  "smb3",
  "ceph",
  "lustre",
  "fuse.glusterfs",
  "fuse.sshfs",
  "afs",
]);

/** A block device in sysfs: what it is, and what it stands on. */
export const BlockDevice = z.object({
  /** The kernel's name, with "/" as sysfs writes it: "drbd1", "dm-3", "etherd!e0.1", "sda1". */
  name: z.string(),
  majorMinor: z.string().nullable(),
  sizeBytes: z.number().nonnegative().nullable(),
  /** Names of the devices it is made of. */
  slaves: z.array(z.string()),
  /** The disk that a partition is part of. */
  partOf: z.string().nullable(),
  /** Device mapper's name: "vg0-mail". */
  dmName: z.string().nullable(),
  /** Says whose it is: "LVM-…", "CRYPT-…", "mpath-…". */
  dmUuid: z.string().nullable(),
});
export type BlockDevice = z.infer<typeof BlockDevice>;

export const Swap = z.object({
  device: z.string(),
  /** "partition" or "file". */
  type: z.string(),
  sizeBytes: z.number().nonnegative().nullable(),
  usedBytes: z.number().nonnegative().nullable(),
  priority: z.number().int().nullable(),
});
export type Swap = z.infer<typeof Swap>;

export const Mounts = z.object({
  mounts: z.array(Mount),
  swaps: z.array(Swap),
  /** Read again when mounts, swaps or the list of devices move, and once a minute. */
  blocks: z.array(BlockDevice),
  unread: z.array(Unread),
});
export type Mounts = z.infer<typeof Mounts>;
