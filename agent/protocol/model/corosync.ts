// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { Unread } from "../errors";

const Count = z.number().int().nonnegative();

/** Votes as corosync-quorumtool prints them; null where it does not say (without votequorum it knows no votes). */
export const CorosyncQuorum = z.object({
  quorate: z.boolean().nullable(),
  /** "corosync_votequorum". */
  provider: z.string().nullable(),
  /** Number of the membership as printed: "1.3e"; a new one for every change of members. */
  ringId: z.string().nullable(),
  nodes: Count.nullable(),
  expectedVotes: Count.nullable(),
  highestExpected: Count.nullable(),
  totalVotes: Count.nullable(),
  /** Votes needed for a quorum. */
  quorumVotes: Count.nullable(),
  /** As printed: "2Node", "Quorate", "WaitForAll", "LastManStanding", "AutoTieBreaker", "AllowDownscale", "Qdevice". */
  flags: z.array(z.string()),
});
export type CorosyncQuorum = z.infer<typeof CorosyncQuorum>;

/** A node that this node's Corosync counts as there. */
export const CorosyncMember = z.object({
  nodeId: Count,
  /** As printed: the name of corosync.conf, else a host name or an address; null where it prints none. */
  name: z.string().nullable(),
  votes: Count.nullable(),
  isLocal: z.boolean(),
  /** The quorum device as this member sees it, as printed ("A,V,NMW", "NR"); null where there is none. */
  qdevice: z.string().nullable(),
});
export type CorosyncMember = z.infer<typeof CorosyncMember>;

/** One link as this node sees it: to one peer under knet; the whole ring (`peerId` null) where Corosync tells no peers apart. */
export const CorosyncLink = z.object({
  link: Count,
  peerId: Count.nullable(),
  /** What carries it, as printed: "udp". */
  transport: z.string().nullable(),
  localAddress: z.string().nullable(),
  remoteAddress: z.string().nullable(),
  /** As printed: "enabled", "connected"; "disconnected"; "ring 0 active with no faults". */
  words: z.array(z.string()),
  /** What the words say of a peer's link; null where they speak of a whole ring, or in words that are not known. */
  isConnected: z.boolean().nullable(),
  mtu: Count.nullable(),
});
export type CorosyncLink = z.infer<typeof CorosyncLink>;

/** A node of the node list in corosync.conf. */
export const CorosyncConfigured = z.object({
  nodeId: Count.nullable(),
  name: z.string().nullable(),
  /** ring0_addr, ring1_addr … in the order of the rings: addresses or host names, as written; null where a ring has none. */
  addresses: z.array(z.string().nullable()),
});
export type CorosyncConfigured = z.infer<typeof CorosyncConfigured>;

/** Corosync on one node: votes, members and links as this node alone sees them. */
export const Corosync = z.object({
  /** False: its tools are installed and nothing answers them. All that only a running Corosync says is null then. */
  isRunning: z.boolean(),
  /** From corosync.conf, as are `configured` and, where nothing else says it, `transport`. */
  clusterName: z.string().nullable(),
  /** "knet", "udpu", "udp". */
  transport: z.string().nullable(),
  localNodeId: Count.nullable(),
  quorum: CorosyncQuorum.nullable(),
  members: z.array(CorosyncMember).nullable(),
  /** The quorum device's own line; null where there is none. */
  qdevice: z.object({ name: z.string(), votes: Count }).nullable(),
  links: z.array(CorosyncLink).nullable(),
  configured: z.array(CorosyncConfigured).nullable(),
  /** Of corosync.conf what must be the same on all nodes, as written, by its place: "totem.token"; never a key. Missing: not read. */
  settings: z.record(z.string(), z.string()).optional(),
  unread: z.array(Unread),
});
export type Corosync = z.infer<typeof Corosync>;
