// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { Unread } from "../errors";

/** One MAC the aoe driver sends to for a device. A dead one shows as window 1, rising taint and frozen reads. */
export const AoeTarget = z.object({
  /** With colons, lower case: 52:54:00:00:01:00. */
  mac: z.string(),
  outstanding: z.number().int(),
  window: z.number().int(),
  windowMax: z.number().int(),
  taint: z.number().int().nullable(),
  reads: z.number().int().nullable(),
  writes: z.number().int().nullable(),
  interfaces: z.array(z.string()),
});
export type AoeTarget = z.infer<typeof AoeTarget>;

/** One AoE device of an initiator. `state` is the driver's own word ("up", "down", "down,closewait"). */
export const AoeDevice = z.object({
  name: z.string().regex(/^e\d+\.\d+$/),
  state: z.string(),
  sizeBytes: z.number().nonnegative().nullable(),
  interfaces: z.array(z.string()),
  rttAvgUs: z.number().int().nullable(),
  /** Null when the debug file may not be read; the reading's `unread` says why. */
  targets: z.array(AoeTarget).nullable(),
});
export type AoeDevice = z.infer<typeof AoeDevice>;

/** One running `vblade`: what this node exports. */
export const AoeExport = z.object({
  name: z.string().regex(/^e\d+\.\d+$/),
  device: z.string(),
  interface: z.string(),
  /** -s: synchronous writes. Without it a fencing can lose writes the initiator believes done. */
  sync: z.boolean(),
  /** -d: O_DIRECT. */
  direct: z.boolean(),
  /** -m: the only MACs served; empty: all. */
  allowedMacs: z.array(z.string()),
  pid: z.number().int().positive(),
});
export type AoeExport = z.infer<typeof AoeExport>;

export const Aoe = z.object({
  devices: z.array(AoeDevice),
  exports: z.array(AoeExport),
  /** aoe_deadsecs of the loaded driver: seconds of silence until a device counts as down; null when not loaded. */
  deadSeconds: z.number().int().nullable(),
  unread: z.array(Unread),
});
export type Aoe = z.infer<typeof Aoe>;
