// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";

/** A node's name as Corosync and `uname -n` allow it. */
export const NodeName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, "not a node name");
export type NodeName = z.infer<typeof NodeName>;

/** The console's own name of a cluster, used in addresses: `san-a`. */
export const ClusterSlug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "not a cluster slug");
export type ClusterSlug = z.infer<typeof ClusterSlug>;

/** What a node is to its cluster: a member runs Pacemaker, a client only uses the storage (AoE, iSCSI). */
export const NodeRole = z.enum(["member", "client"]);
export type NodeRole = z.infer<typeof NodeRole>;
