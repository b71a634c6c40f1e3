// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { Unread } from "../errors";

export const PacemakerNode = z.object({
  name: z.string(),
  id: z.string(),
  online: z.boolean(),
  standby: z.boolean(),
  maintenance: z.boolean(),
  /** Corosync member whose Pacemaker has not joined. Test this before `standby`: a rejoining node flashes standby. */
  pending: z.boolean(),
  unclean: z.boolean(),
  shutdown: z.boolean(),
  isDc: z.boolean(),
  featureSet: z.string().nullable(),
  /** "member", "remote" or "ping", as printed. Missing: not said. */
  type: z.string().optional(),
  /** In standby because an operation failed, and expected by the cluster to be up. Missing: not said. */
  standbyOnFail: z.boolean().optional(),
  expectedUp: z.boolean().optional(),
  attributes: z.record(z.string(), z.string()),
});
export type PacemakerNode = z.infer<typeof PacemakerNode>;

/** One resource instance (a clone has one per node and more), flat; `parents` from the outermost in. Roles as printed. */
export const PacemakerResource = z.object({
  id: z.string(),
  parents: z.array(z.string()),
  agent: z.string(),
  role: z.string(),
  targetRole: z.string().nullable(),
  active: z.boolean(),
  managed: z.boolean(),
  failed: z.boolean(),
  blocked: z.boolean(),
  orphaned: z.boolean(),
  /** Failures of it are of no consequence. Missing: not said. */
  failureIgnored: z.boolean().optional(),
  /** The pending operation as printed ("Monitoring", "Starting"); null when none. */
  pending: z.string().nullable(),
  nodes: z.array(z.string()),
  /**
   * True when it stands on a node that is not online: the cluster's memory of a node that is gone. Never show as running.
   * (crm_mon prints that as cached="false" since 2.0.3, as cached="true" before.)
   */
  onOfflineNode: z.boolean(),
});
export type PacemakerResource = z.infer<typeof PacemakerResource>;

/** A group, clone or bundle: what the resources' `parents` refer to. */
export const PacemakerCollection = z.object({
  id: z.string(),
  kind: z.enum(["group", "clone", "promotable", "bundle"]),
  parents: z.array(z.string()),
  managed: z.boolean(),
});
export type PacemakerCollection = z.infer<typeof PacemakerCollection>;

export const PacemakerConstraint = z.object({
  id: z.string(),
  kind: z.enum(["location", "colocation", "order", "ticket"]),
  /** The resource constrained; for colocation and order the dependent one (`rsc`, `then`). Null for sets and patterns. */
  resource: z.string().nullable(),
  /** The other resource of a colocation or order. */
  with: z.string().nullable(),
  node: z.string().nullable(),
  /** As written: INFINITY, -INFINITY, 100, Mandatory … */
  score: z.string().nullable(),
  role: z.string().nullable(),
  /** The role of `with` that a colocation asks for ("Promoted": only beside the promoted instance). */
  withRole: z.string().nullable().optional(),
  /** Expression of a rule in crm's words, where the constraint has one ("#uname ne bob", "date lt 2026-11-20 …"). */
  rule: z.string().nullable(),
});
export type PacemakerConstraint = z.infer<typeof PacemakerConstraint>;

export const PacemakerFailure = z.object({
  resource: z.string(),
  node: z.string(),
  task: z.string(),
  /** Milliseconds; null for one-off operations. */
  intervalMs: z.number().int().nullable(),
  exitCode: z.number().int().nullable(),
  exitStatus: z.string().nullable(),
  exitReason: z.string().nullable(),
  failCount: z.string().nullable(),
  /** As printed; local time of the node. */
  lastChange: z.string().nullable(),
});
export type PacemakerFailure = z.infer<typeof PacemakerFailure>;

export const PacemakerFencing = z.object({
  target: z.string(),
  action: z.string(),
  /** success, failed, pending, as printed. */
  status: z.string(),
  delegate: z.string().nullable(),
  client: z.string().nullable(),
  origin: z.string().nullable(),
  completed: z.string().nullable(),
  exitReason: z.string().nullable(),
});
export type PacemakerFencing = z.infer<typeof PacemakerFencing>;

/** The cluster as Pacemaker on one node sees it. */
export const Pacemaker = z.object({
  /** Null where the tool does not say (crm_mon's "version" is empty until a DC is elected). */
  version: z.string().nullable(),
  /** The command that answered: "crm_mon --output-as=xml", "crm_mon --as-xml", "cibadmin -Q", "CIB on disk", "CIB_file". */
  source: z.string(),
  dc: z.string().nullable(),
  quorate: z.boolean().nullable(),
  featureSet: z.string().nullable(),
  maintenance: z.boolean(),
  stonithEnabled: z.boolean().nullable(),
  nodes: z.array(PacemakerNode),
  resources: z.array(PacemakerResource),
  collections: z.array(PacemakerCollection),
  constraints: z.array(PacemakerConstraint),
  failures: z.array(PacemakerFailure),
  fencing: z.array(PacemakerFencing),
  configEpoch: z.object({ adminEpoch: z.number().int(), epoch: z.number().int(), numUpdates: z.number().int() }).nullable(),
  /** The newest start, stop, promote and demote of each resource on each node, and how long it took. Missing: not read. */
  operations: z
    .array(
      z.object({
        resource: z.string(),
        node: z.string(),
        task: z.string(),
        tookMs: z.number().int(),
        /** False when it failed. */
        isOk: z.boolean(),
        /** Its number on that node: another one is another operation. Missing: from an agent that did not send it. */
        call: z.number().int().optional(),
        /** When it began, as printed (last-rc-change): to the second, in the zone of the node that was asked. Null or missing: not said. */
        began: z.string().nullable().optional(),
      }),
    )
    .optional(),
  /** What is counted of each resource on each node where it has a history. Missing: not read. */
  histories: z
    .array(
      z.object({
        resource: z.string(),
        node: z.string(),
        /** 1,000,000 is Pacemaker's infinity, here and below. */
        failCount: z.number().int().nonnegative(),
        migrationThresholdCount: z.number().int().nonnegative().nullable(),
      }),
    )
    .optional(),
  /** What the configuration allows those operations, where it says so; `resource` as in `resources`. Missing: not read. */
  timeouts: z.array(z.object({ resource: z.string(), task: z.string(), timeoutMs: z.number().int() })).optional(),
  /**
   * Parameters that say how iSCSI is served, whom a fencing device fences and which pool or array a service brings up, as written;
   * never a secret. A resource whose
   * parameters are not known for sure is left out. Missing: not read.
   */
  parameters: z.array(z.object({ resource: z.string(), values: z.record(z.string(), z.string()) })).optional(),
  /** How fencing is set up, beside its devices' `parameters`. Missing: not read. */
  fenceSetup: z
    .object({
      /** Whether a resource may run where no constraint names it (symmetric-cluster). */
      symmetric: z.boolean(),
      /** stonith-watchdog-timeout as written; null when it is not. */
      watchdogTimeout: z.string().nullable(),
      /** The fencing devices, and the pace of their monitor; null where the configuration has none. */
      devices: z.array(z.object({ resource: z.string(), monitorEveryMs: z.number().int().nullable() })),
      /** fencing-topology: in which order whom; a level is done when all its devices are. One of `target`, `pattern` and `attribute`. */
      levels: z.array(
        z.object({
          /** Its place in the order, from 1. */
          index: z.number().int(),
          target: z.string().nullable(),
          pattern: z.string().nullable(),
          attribute: z.object({ name: z.string(), value: z.string() }).nullable(),
          devices: z.array(z.string()),
        }),
      ),
    })
    .optional(),
  unread: z.array(Unread),
});
export type Pacemaker = z.infer<typeof Pacemaker>;
