// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { Unread } from "../errors";

/** A node of an o2cb cluster; null where nothing says it. */
export const Ocfs2Node = z.object({
  name: z.string(),
  number: z.number().int().nullable(),
  address: z.string().nullable(),
  port: z.number().int().nullable(),
});
export type Ocfs2Node = z.infer<typeof Ocfs2Node>;

/** One o2cb cluster, as the kernel runs it or as cluster.conf has it. Nodes by number, then by name. */
export const Ocfs2Cluster = z.object({
  name: z.string(),
  nodes: z.array(Ocfs2Node),
  /** "local", "global"; null where it is not said: before Linux 2.6.37 there was only local. */
  heartbeatMode: z.string().nullable(),
  /** Heartbeats of two seconds that may be missed until a node counts as dead; null in cluster.conf. */
  deadThreshold: z.number().int().nullable(),
  /** Heartbeat regions by their UUID. */
  regions: z.array(z.string()),
  /** The node of it that this machine is; null in cluster.conf, and where none is marked. */
  localNode: z.string().nullable(),
});
export type Ocfs2Cluster = z.infer<typeof Ocfs2Cluster>;

/** OCFS2 on one node: the cluster stack it runs on, and the o2cb cluster where that is the stack. */
export const Ocfs2 = z.object({
  /** The ocfs2 module is loaded. False: only its configuration is here. */
  isLoaded: z.boolean(),
  /** The stack's name of four letters: "o2cb", "pcmk", "cman"; null where none was chosen yet. */
  stack: z.string().nullable(),
  /** "o2cb", "user". */
  loadedPlugins: z.array(z.string()),
  /** The plugin in use; null while no file system is mounted. */
  activePlugin: z.string().nullable(),
  /** "1.0"; null until the first mount. */
  lockingProtocol: z.string().nullable(),
  /** What the kernel runs, from configfs; null where o2cb is not loaded. */
  running: z.array(Ocfs2Cluster).nullable(),
  /** What /etc/ocfs2/cluster.conf says; null where there is none. */
  configured: z.array(Ocfs2Cluster).nullable(),
  unread: z.array(Unread),
});
export type Ocfs2 = z.infer<typeof Ocfs2>;
