// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { Unread } from "../errors";

/** One network interface. `linkUp` is the carrier; null when it cannot be asked (interface administratively down). */
export const HostInterface = z.object({
  name: z.string(),
  mac: z.string().nullable(),
  linkUp: z.boolean().nullable(),
  speedBitsPerSec: z.number().nonnegative().nullable(),
  mtu: z.number().int().nullable(),
  /** From `/proc/net/dev`; null when it does not name the interface; missing from agents that do not read it. */
  traffic: z
    .object({
      /** Over the time since the reading before; null at the first. */
      receivedBytesPerSec: z.number().nonnegative().nullable(),
      sentBytesPerSec: z.number().nonnegative().nullable(),
      /** Since the interface came up. */
      receiveErrors: z.number().int().nonnegative(),
      sendErrors: z.number().int().nonnegative(),
      receiveDrops: z.number().int().nonnegative(),
      sendDrops: z.number().int().nonnegative(),
    })
    .nullable()
    .optional(),
});
export type HostInterface = z.infer<typeof HostInterface>;

/** The machine itself. Null: the node does not say. */
export const HostFacts = z.object({
  kernel: z.string().nullable(),
  bootId: z.string().nullable(),
  uptimeSeconds: z.number().nonnegative().nullable(),
  cpus: z.number().int().positive().nullable(),
  load1: z.number().nonnegative().nullable(),
  memoryTotalBytes: z.number().nonnegative().nullable(),
  memoryAvailableBytes: z.number().nonnegative().nullable(),
  /** Share of the last 10 s in which some task waited for I/O (/proc/pressure/io, some avg10), 0–100. */
  ioPressurePercent: z.number().min(0).max(100).nullable(),
  /** Corrected and uncorrected memory errors since boot, summed over controllers. */
  eccCorrected: z.number().int().nonnegative().nullable(),
  eccUncorrected: z.number().int().nonnegative().nullable(),
  interfaces: z.array(HostInterface),
  /** The main table of IPv4 (`/proc/net/route`), at most 64: by which interface an address is reached. Missing: not read. */
  routes: z
    .array(
      z.object({
        interface: z.string(),
        /** The network: "10.20.5.0". */
        destination: z.string(),
        /** How many leading bits name the network. */
        prefixLength: z.number().int().min(0).max(32),
      }),
    )
    .optional(),
  /**
   * The node's own addresses, at most 64: of IPv4 all but loopback (`/proc/net/fib_trie`), of IPv6 those that reach beyond a link
   * and stay (`/proc/net/if_inet6`). Missing: not read.
   */
  addresses: z
    .array(
      z.object({
        address: z.string(),
        /** The interface that has it; of IPv4 the one whose net it is in. Null: none, or not one alone. */
        interface: z.string().nullable(),
        /** How many leading bits name the net; null as above. */
        prefixLength: z.number().int().min(0).max(128).nullable(),
      }),
    )
    .optional(),
  unread: z.array(Unread),
});
export type HostFacts = z.infer<typeof HostFacts>;
