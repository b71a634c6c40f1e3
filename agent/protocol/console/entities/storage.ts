// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { DrbdDevice, DrbdProgress, DrbdSettings } from "@/agent/protocol/model/drbd";
import { MdArray } from "@/agent/protocol/model/md";
import { Mount, Swap } from "@/agent/protocol/model/mounts";
import { ZfsPool } from "@/agent/protocol/model/zfs";
import { From, Said } from "./said";

/** `drbd:<resource>/<volume>@<node>`: one side of a mirror, in its own words. Resource is `minor-<n>` where no name is known. */
export const DrbdEntity = z.object({
  kind: z.literal("drbd"),
  from: From,
  resource: z.string(),
  volume: z.number().int(),
  mirror: z.string(),
  device: DrbdDevice,
  settings: DrbdSettings.nullable(),
  /** Role and disk judged: "UpToDate", "Inconsistent", "Diskless" … */
  said: Said,
  /** The disk below as sysfs of its node has it, where that says more than DRBD: missing, used past DRBD, or there beside a Diskless side. */
  backing: z
    .object({
      path: z.string(),
      isThere: z.boolean(),
      /** Why it is taken as not there, as a sentence. */
      why: z.string().nullable(),
      /** Devices that stand on it past DRBD: "vg0-mail", "md127". */
      usedBy: z.array(z.string()),
    })
    .optional(),
});

/** One line between two copies of a mirror. */
export const MirrorPair = z.object({
  a: z.string(),
  b: z.string(),
  /** "in sync", "resync to crystal", "not connected", "Off" … */
  said: Said,
  /** The connection and replication words of each side, null where that side does not say. */
  aSays: z.string().nullable(),
  bSays: z.string().nullable(),
  /** Solid, moving, differing, cut or old: what the line looks like. */
  line: z.enum(["connected", "resync", "verify", "differs", "cut", "old"]),
  progress: DrbdProgress.nullable(),
  /** For a resync: the node that receives. */
  towards: z.string().nullable(),
  outOfSyncBytes: z.number().nullable(),
});
export type MirrorPair = z.infer<typeof MirrorPair>;

/** `mirror:<resource>/<volume>`: both (or all) sides together. */
export const MirrorEntity = z.object({
  kind: z.literal("mirror"),
  resource: z.string(),
  volume: z.number().int(),
  /** "drbd0" or "drbd0 and drbd3" when the sides differ. */
  device: z.string(),
  protocol: z.string().nullable(),
  sizeBytes: z.number().nullable(),
  copies: z.array(
    z.object({
      node: z.string(),
      /** Key of this side's `drbd:` entity; null when only the peer speaks of it. */
      drbd: z.string().nullable(),
      role: z.string(),
      disk: z.string(),
      said: Said,
      /** 0–100: how much of it is in sync while Inconsistent; null when not known. */
      syncedPercent: z.number().nullable(),
      /** This side's own name of the resource, where it differs from the mirror's. */
      resource: z.string().optional(),
    }),
  ),
  pairs: z.array(MirrorPair),
  /** The whole mirror in a phrase: "in sync", "resync 61 %", "only ruby holds it", "not connected". */
  said: Said,
  /** What the pair of states means, in plain sentences, most important first; what next, last. */
  meaning: z.array(z.string()),
  /** The nodes that hold all of it for certain: UpToDate, heard now, and connected to the Primary where there is one. */
  holders: z.array(z.string()).optional(),
  /** Set when one node alone holds all of it and every other copy is known not to. */
  onlyHolder: z.string().nullable().optional(),
});

/** `array:<node>/<md0>`: an md array and where its legs lead. */
export const ArrayEntity = z.object({
  kind: z.literal("array"),
  from: From,
  array: MdArray,
  /** "2 of 2 legs", "1 of 2 legs, recovery 22 %", "not running", "128 sectors differ" … */
  said: Said,
  legs: z.array(
    z.object({
      /** The kernel's name without its folder: "e0.1", "sda1". */
      name: z.string(),
      /** Key of the entity that this device is, where the view has one. */
      key: z.string().nullable(),
      /** The nodes at its other end: "jade"; null for what is of this node, or not known. */
      at: z.string().nullable(),
      said: Said,
    }),
  ),
});

/** `pool:<node>/<name>`: a ZFS pool and its devices, as legs of an array. */
export const PoolEntity = z.object({
  kind: z.literal("pool"),
  from: From,
  pool: ZfsPool,
  said: Said,
  devices: z.array(z.object({ name: z.string(), key: z.string().nullable(), at: z.string().nullable(), said: Said })),
});

/** One device that a mount stands on. Those of one `depth` lie side by side, deeper ones below them. */
const StandsOn = z.object({
  /** For people: "drbd1", "vg0-mail", "e0.1". */
  device: z.string(),
  kind: z.enum(["drbd", "md", "aoe", "iscsi", "lvm", "crypt", "multipath", "mapped", "partition", "loop", "disk"]),
  /** Key of the entity that it is, where the view has one: of DRBD the mirror's. */
  key: z.string().nullable(),
  /** The nodes at the other end of its wire: "jade". */
  at: z.string().nullable(),
  /** Null where nothing is known of it but that it is there. */
  said: Said.nullable(),
  depth: z.number().int().nonnegative(),
});

const ofDisk = {
  /** Nearest first; empty where the device is not one of sysfs. */
  standsOn: z.array(StandsOn),
  /** Key of the mirror whose own disk is used here, past DRBD; null when none is. */
  bypasses: z.string().nullable(),
};

/** `mount:<node>/<mount point>` */
export const MountEntity = z.object({ kind: z.literal("mount"), from: From, mount: Mount, said: Said, ...ofDisk });

/** `swap:<node>/<device>` */
export const SwapEntity = z.object({ kind: z.literal("swap"), from: From, swap: Swap, said: Said, ...ofDisk });
