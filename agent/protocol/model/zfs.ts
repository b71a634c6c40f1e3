// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { Unread } from "../errors";

/** One line of a pool's tree: the pool itself (depth 0), a group (mirror, raidz), or a device. */
export const ZfsVdev = z.object({
  /** As printed: "mirror-0", "drbd0", "sdb", "spares", "logs". */
  name: z.string(),
  depth: z.number().int().nonnegative(),
  /** "ONLINE", "DEGRADED", "FAULTED", "UNAVAIL", "AVAIL" …; null for headings. */
  state: z.string().nullable(),
  /** Errors since the last clear; null where none are counted, or (without `-p`) only a rounded number is printed. */
  readErrors: z.number().int().nonnegative().nullable(),
  writeErrors: z.number().int().nonnegative().nullable(),
  checksumErrors: z.number().int().nonnegative().nullable(),
  /** What is printed behind the numbers: "(resilvering)", "was /dev/sdb1". */
  note: z.string().nullable(),
});
export type ZfsVdev = z.infer<typeof ZfsVdev>;

/** One ZFS pool. Texts are the tool's own, lines joined. */
export const ZfsPool = z.object({
  name: z.string(),
  /** "ONLINE", "DEGRADED", "FAULTED", "SUSPENDED" … as read. */
  state: z.string(),
  status: z.string().nullable(),
  action: z.string().nullable(),
  scan: z.string().nullable(),
  errors: z.string().nullable(),
  sizeBytes: z.number().nonnegative().nullable(),
  allocatedBytes: z.number().nonnegative().nullable(),
  vdevs: z.array(ZfsVdev),
});
export type ZfsPool = z.infer<typeof ZfsPool>;

export const Zfs = z.object({ pools: z.array(ZfsPool), unread: z.array(Unread) });
export type Zfs = z.infer<typeof Zfs>;
