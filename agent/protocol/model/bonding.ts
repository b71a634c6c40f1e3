// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { Unread } from "../errors";

/** One port (slave) of a bond. `link` is the kernel's MII word; an unknown speed is null; trust link, not speed. */
export const BondPort = z.object({
  name: z.string(),
  link: z.string(),
  speedBitsPerSec: z.number().nonnegative().nullable(),
  failureCount: z.number().int().nonnegative().nullable(),
  aggregatorId: z.number().int().nullable(),
  /** The LACP partner's system MAC of this port; null when not 802.3ad or not permitted. */
  partnerMac: z.string().nullable(),
  /** True when this port is itself a bond of this node. */
  isBond: z.boolean(),
});
export type BondPort = z.infer<typeof BondPort>;

/** LACP facts of an 802.3ad bond. `permitted` false: the kernel hides them from this user; null fields then mean nothing. */
export const BondLacp = z.object({
  permitted: z.boolean(),
  /** The active aggregator; null with `permitted` true means "no active aggregator". */
  aggregatorId: z.number().int().nullable(),
  portCount: z.number().int().nonnegative().nullable(),
  partnerMac: z.string().nullable(),
});
export type BondLacp = z.infer<typeof BondLacp>;

/** One bond, from `/proc/net/bonding/<name>`. */
export const Bond = z.object({
  name: z.string(),
  /** The kernel's own words: "IEEE 802.3ad Dynamic link aggregation", "fault-tolerance (active-backup)" … */
  mode: z.string(),
  link: z.string(),
  activePort: z.string().nullable(),
  miimonMs: z.number().int().nonnegative().nullable(),
  /** The bond this bond is a port of; null at the top. */
  parent: z.string().nullable(),
  lacp: BondLacp.nullable(),
  ports: z.array(BondPort),
});
export type Bond = z.infer<typeof Bond>;

export const Bonding = z.object({ bonds: z.array(Bond), unread: z.array(Unread) });
export type Bonding = z.infer<typeof Bonding>;
