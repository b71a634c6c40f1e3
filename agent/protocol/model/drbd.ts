// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { Unread } from "../errors";

/** The loaded DRBD module, from the head of `/proc/drbd`. `protoMin`/`protoMax` are null where the head does not print them. */
export const DrbdModule = z.object({
  version: z.string(),
  generation: z.enum(["0.7", "8.0", "8.2", "8.3", "8.4", "9"]),
  api: z.number().int().nullable(),
  protoMin: z.number().int().nullable(),
  protoMax: z.number().int().nullable(),
  /** The build line as printed (GIT-hash, srcversion, built-in), trimmed. */
  build: z.string().nullable(),
});
export type DrbdModule = z.infer<typeof DrbdModule>;

/** A resync or an online verify under way. Percent is computed from left and total: the kernel's own figure is coarse. */
export const DrbdProgress = z.object({
  kind: z.enum(["resync", "verify"]),
  percent: z.number().min(0).max(100),
  leftBytes: z.number().nonnegative(),
  totalBytes: z.number().nonnegative(),
  rateBytesPerSec: z.number().nullable(),
  /** Null when the kernel prints ∞ or nothing. */
  etaSeconds: z.number().nonnegative().nullable(),
  stalled: z.boolean(),
});
export type DrbdProgress = z.infer<typeof DrbdProgress>;

/** What one node says of one peer of one volume, in DRBD 9's words for all generations. Kernel words are kept as read. */
export const DrbdPeer = z.object({
  /** The peer's host name where the source says it (drbdsetup of DRBD 9); null for 8.x. */
  name: z.string().nullable(),
  /** DRBD 9's number of the peer. Missing: not said. */
  nodeId: z.number().int().nonnegative().optional(),
  connection: z.string(),
  replication: z.string(),
  role: z.string(),
  disk: z.string(),
  protocol: z.enum(["A", "B", "C"]).nullable(),
  outOfSyncBytes: z.number().nonnegative().nullable(),
  pausedBy: z.array(z.enum(["user", "peer", "dependency"])),
  /** `network`, `backing device` … as a word; null when the source does not say. */
  congested: z.string().nullable(),
  progress: DrbdProgress.nullable(),
});
export type DrbdPeer = z.infer<typeof DrbdPeer>;

/** Counters since the device came up. Bytes were KiB in the kernel's text; 8.x wraps them at 2^32 KiB. Null: not printed. */
export const DrbdCounters = z.object({
  networkSentBytes: z.number().nullable(),
  networkReceivedBytes: z.number().nullable(),
  diskWrittenBytes: z.number().nullable(),
  diskReadBytes: z.number().nullable(),
  activityLogWrites: z.number().nullable(),
  bitmapWrites: z.number().nullable(),
  localPending: z.number().nullable(),
  peerPending: z.number().nullable(),
  unacknowledged: z.number().nullable(),
  applicationPending: z.number().nullable(),
  epochs: z.number().nullable(),
  /** barrier, flush, drain or none, as a word; null when not printed. */
  writeOrdering: z.string().nullable(),
});
export type DrbdCounters = z.infer<typeof DrbdCounters>;

/** One DRBD minor on this node. */
export const DrbdDevice = z.object({
  minor: z.number().int().nonnegative(),
  resource: z.string().nullable(),
  volume: z.number().int().nonnegative().nullable(),
  role: z.string(),
  disk: z.string(),
  suspended: z.boolean(),
  /** user, no-data, fencing, quorum; `unknown` when the kernel only says that I/O is suspended. */
  suspendedBy: z.array(z.string()),
  /** True for `cs:Unconfigured`: the minor exists, nothing is attached or connected. Role and disk are then "Unknown". */
  unconfigured: z.boolean(),
  /** Activity-log updates suspended: the sixth flag of 8.3.9+ (`s`). */
  activityLogSuspended: z.boolean(),
  sizeBytes: z.number().nonnegative().nullable(),
  /** 8.x connection state exactly as printed; null for DRBD 9. */
  cs: z.string().nullable(),
  counters: DrbdCounters.nullable(),
  /** DRBD 9's own quorum. Missing: not said. */
  hasQuorum: z.boolean().optional(),
  peers: z.array(DrbdPeer),
});
export type DrbdDevice = z.infer<typeof DrbdDevice>;

export const DrbdAddress = z.object({ address: z.string(), port: z.number().int().min(0).max(65_535) });
export type DrbdAddress = z.infer<typeof DrbdAddress>;

/** Effective settings of one resource, from `drbdsetup show` or `drbdadm dump-xml`. Null: not said. */
export const DrbdSettings = z.object({
  resource: z.string(),
  volumes: z.array(
    z.object({
      volume: z.number().int().nonnegative(),
      minor: z.number().int().nonnegative().nullable(),
      backingDevice: z.string().nullable(),
    }),
  ),
  connections: z.array(
    z.object({
      peer: z.string().nullable(),
      local: DrbdAddress.nullable(),
      remote: DrbdAddress.nullable(),
      protocol: z.enum(["A", "B", "C"]).nullable(),
      verifyAlg: z.string().nullable(),
      fencing: z.string().nullable(),
      allowTwoPrimaries: z.boolean().nullable(),
      /** data-integrity-alg and cram-hmac-alg: "" is none set. Missing: not said. */
      integrityAlg: z.string().optional(),
      authenticationAlg: z.string().optional(),
    }),
  ),
});
export type DrbdSettings = z.infer<typeof DrbdSettings>;

/** Everything DRBD says on one node. `module` is null when only status lines were there (tools without /proc). */
export const Drbd = z.object({
  module: DrbdModule.nullable(),
  devices: z.array(DrbdDevice),
  /** Null when the settings could not be asked for (no tool, or not permitted: then `unread` says so). */
  settings: z.array(DrbdSettings).nullable(),
  unread: z.array(Unread),
});
export type Drbd = z.infer<typeof Drbd>;
