// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { Dlm } from "@/agent/protocol/model/dlm";
import { Ocfs2 } from "@/agent/protocol/model/ocfs2";
import { PacemakerConstraint, PacemakerFailure, PacemakerFencing } from "@/agent/protocol/model/pacemaker";
import { From, Said } from "./said";

/** `rsc:<id>`: a service. A group or clone carries its members; a primitive stands alone or inside `parents`. */
export const ResourceEntity = z.object({
  kind: z.literal("resource"),
  from: From,
  id: z.string(),
  type: z.enum(["primitive", "group", "clone", "promotable", "bundle"]),
  parents: z.array(z.string()),
  children: z.array(z.string()),
  agent: z.string().nullable(),
  /** One per place it is (or is remembered to be). Empty: nowhere. */
  places: z.array(z.object({ node: z.string(), role: z.string(), said: Said })),
  said: Said,
  /** Other nodes' testimony where it differs. */
  opinions: z.array(z.object({ node: z.string(), says: z.string() })),
  failures: z.array(PacemakerFailure),
  /** False when Pacemaker may not touch it: unmanaged, or under maintenance. Missing: not said. */
  isManaged: z.boolean().optional(),
  /** An operation under way, as printed: "Starting", "Stopping". Missing: none. */
  pending: z.string().optional(),
  /** What is read of its parameters, as written: how iSCSI is served, whom a device fences. Missing: not read, or not known for sure. */
  parameters: z.record(z.string(), z.string()).optional(),
  /** Of a fencing device: whether it has a monitor that is asked again and again. Missing: no fencing device, or not read. */
  isWatched: z.boolean().optional(),
  /** How long its last start, stop, promote and demote took on each node, and what the configuration allows; null where not said. */
  timings: z.array(z.object({ node: z.string(), task: z.string(), tookMs: z.number(), timeoutMs: z.number().nullable() })).optional(),
});

/** `constraint:<id>`: only those a person should know: left by tools (cli-ban, cli-prefer, drbd-fence-by-handler) or banning. */
export const ConstraintEntity = z.object({ kind: z.literal("constraint"), from: From, constraint: PacemakerConstraint, said: Said });

/** `fencing:<n>`: one entry of the fence history, newest first. */
export const FencingEntity = z.object({ kind: z.literal("fencing"), from: From, fencing: PacemakerFencing, said: Said });

/** `ocfs2:<node>`: OCFS2's cluster stack on one node. */
export const Ocfs2Entity = z.object({
  kind: z.literal("ocfs2"),
  from: From,
  ocfs2: Ocfs2,
  /** "stack o2cb", "no stack chosen", "not loaded". */
  said: Said,
});

/** `dlm:<node>`: the lockspaces of one node. */
export const DlmEntity = z.object({
  kind: z.literal("dlm"),
  from: From,
  dlm: Dlm,
  /** The worst of its lockspaces: "2 lockspaces", "waits for fencing" … */
  said: Said,
  /** Each lockspace's own judgement, by name. */
  spaceSaid: z.record(z.string(), Said),
});
