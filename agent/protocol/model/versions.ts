// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { Unread } from "../errors";

/**
 * What is installed on this node, and what runs. Each as its own tool or package prints it; null where it is not there or
 * not said. A package's version holds the distribution's patch level ("2.1.5-1+deb12u1"), a tool's only the release.
 */
export const Versions = z.object({
  /** PRETTY_NAME of os-release: "Debian GNU/Linux 12 (bookworm)". */
  os: z.string().nullable(),
  /** The DRBD module in the kernel now, and the one that the next load would take. */
  drbdLoaded: z.string().nullable(),
  drbdInstalled: z.string().nullable(),
  drbdUtils: z.string().nullable(),
  pacemaker: z.string().nullable(),
  corosync: z.string().nullable(),
  resourceAgents: z.string().nullable(),
  /** From its package alone: vblade itself has no --version. */
  vblade: z.string().nullable(),
  /** The digests that `/proc/crypto` lists, where a DRBD is loaded that may compare by them; missing from agents that do not read it. */
  digests: z.array(z.string()).nullable().optional(),
  /**
   * What the services of the cluster need on a node that is to run them, and whether it is here; null: not known. Only names are
   * looked for. Missing: not read, or no cluster answered.
   */
  needs: z
    .array(
      z.object({
        /** The service as the CIB names it. */
        resource: z.string(),
        /** Of "agent" the name has its standard ("ocf:heartbeat:exportfs"); of "file" it is a path below /etc. */
        kind: z.enum(["agent", "unit", "fenceAgent", "tool", "module", "file", "drbdResource"]),
        name: z.string(),
        isThere: z.boolean().nullable(),
      }),
    )
    .optional(),
  unread: z.array(Unread),
});
export type Versions = z.infer<typeof Versions>;
