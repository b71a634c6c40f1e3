// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { Unread } from "../errors";

/** One device of an array, as `/proc/mdstat` prints it: `etherd/e0.1[0](F)`. */
export const MdMember = z.object({
  /** The kernel's name of the device: "sda1", "etherd/e0.1", "dm-3". */
  name: z.string(),
  /** The number in brackets: the order in which it was added, not its place in the map. */
  number: z.number().int(),
  /** F failed, S spare, W write-mostly, J journal, R replacement. */
  flags: z.array(z.string()),
  /** Its place in the map, from sysfs; null when it has none or it was not asked for (only while something is missing or moving). */
  slot: z.number().int().nonnegative().nullable(),
  /** sysfs's own words: "in_sync", "faulty", "spare", "in_sync,write_mostly" …; null when not asked for. */
  state: z.string().nullable(),
});
export type MdMember = z.infer<typeof MdMember>;

/** What md does to an array besides serving it. Everything but `kind` and `state` is progress. */
export const MdAction = z.object({
  /** "recovery", "resync", "check", "reshape" … as printed. */
  kind: z.string(),
  /** "running", or the word behind the equals sign: "DELAYED", "PENDING", "REMOTE". */
  state: z.string(),
  percent: z.number().min(0).max(100).nullable(),
  doneBytes: z.number().nonnegative().nullable(),
  totalBytes: z.number().nonnegative().nullable(),
  finishSeconds: z.number().nonnegative().nullable(),
  rateBytesPerSec: z.number().nonnegative().nullable(),
});
export type MdAction = z.infer<typeof MdAction>;

/** One md array. */
export const MdArray = z.object({
  name: z.string(),
  /** "active", "inactive", "broken". */
  state: z.string(),
  /** "read-only", "auto-read-only" (until the first write); null: writable. */
  readOnly: z.string().nullable(),
  /** "raid1", "raid6", "linear" …; null while inactive. */
  level: z.string().nullable(),
  /** "1.2", "external:imsm", "non-persistent"; null is 0.90, which md does not print. */
  metadata: z.string().nullable(),
  sizeBytes: z.number().nonnegative().nullable(),
  raidDisks: z.number().int().nonnegative().nullable(),
  activeDisks: z.number().int().nonnegative().nullable(),
  /** "UU_": one sign per place, U in sync. Null for levels without redundancy. */
  map: z.string().nullable(),
  members: z.array(MdMember),
  action: MdAction.nullable(),
  hasBitmap: z.boolean(),
  /** True when its bitmap is cluster-md's: then two nodes may run it at once. Null: the node does not say. */
  isClustered: z.boolean().nullable(),
  /** mdadm's form: four groups of eight hex digits. */
  uuid: z.string().nullable(),
  /** Sectors that the last check or repair found to differ between legs. */
  mismatchCount: z.number().int().nonnegative().nullable(),
});
export type MdArray = z.infer<typeof MdArray>;

export const Md = z.object({ arrays: z.array(MdArray), unread: z.array(Unread) });
export type Md = z.infer<typeof Md>;
