// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { AoeDevice, AoeExport } from "@/agent/protocol/model/aoe";
import { Bond } from "@/agent/protocol/model/bonding";
import { Corosync } from "@/agent/protocol/model/corosync";
import { IscsiSession, IscsiTarget } from "@/agent/protocol/model/iscsi";
import { From, Said } from "./said";

/** `bond:<node>/<name>` */
export const BondEntity = z.object({
  kind: z.literal("bond"),
  from: From,
  bond: Bond,
  /** Judged through all depths: "4 of 4 ports", "3 of 4 ports", "no port up". */
  said: Said,
  portsUp: z.number().int(),
  ports: z.number().int(),
  /** Set when the kernel's own word for this bond hides what is wrong below: "kernel says up". */
  kernelSays: z.string().nullable(),
  /** Each port's own judgement, by name. */
  portSaid: z.record(z.string(), Said),
  /**
   * What the outermost bond still survives: so many more link failures, and whether any one switch (an LACP partner) may fail.
   * Missing where not every port's state is known now, and where nothing carries.
   */
  endurance: z
    .object({ failures: z.number().int(), switches: z.array(z.object({ mac: z.string(), ports: z.array(z.string()) })), says: z.string() })
    .optional(),
  /** Ports that this bond had and has no more, with the console's time of the first reading without. */
  missing: z.array(z.object({ port: z.string(), sinceMs: z.number(), sinceBoot: z.boolean() })).optional(),
  /** The LACP partner (the switch) that each port has, or had when it last had one. Missing: none is known. */
  partners: z.array(z.object({ port: z.string(), mac: z.string() })).optional(),
});

/** `aoe:<node>/<e0.0>`: a device of an initiator and where its MACs lead. */
export const AoeEntity = z.object({
  kind: z.literal("aoe"),
  from: From,
  device: AoeDevice,
  /** "talks to jade", "talks to a MAC nobody owns", "silent". */
  said: Said,
  /** What the driver's own state claims, when that is not the truth: "aoe-stat says up". */
  toolSays: z.string().nullable(),
  talksTo: z.array(
    z.object({
      mac: z.string(),
      node: z.string().nullable(),
      export: z.string().nullable(),
      said: Said,
      /** From the export down to the backing disk, a step each; empty where no export was found. */
      path: z.array(z.string()).optional(),
    }),
  ),
});

/** `export:<node>/<e0.0>/<interface>`: a running vblade. */
export const ExportEntity = z.object({
  kind: z.literal("export"),
  from: From,
  export: AoeExport,
  /** The mirror its device is, where known. */
  mirror: z.string().nullable(),
  said: Said,
});

/** `target:<node>/<iqn>`: what a node serves over iSCSI. */
export const TargetEntity = z.object({
  kind: z.literal("target"),
  from: From,
  target: IscsiTarget,
  /** "1 LUN, 2 logged in", "no portal", "disabled" … */
  said: Said,
  /** Each LUN with the key of the mirror it stands on, where known. */
  luns: z.array(z.object({ tag: z.number().int(), lun: z.number().int(), mirror: z.string().nullable(), said: Said })),
  /** Who is logged in by the target's word, with the client's end where a node here is known by that name. */
  initiators: z.array(z.object({ initiator: z.string(), node: z.string().nullable(), session: z.string().nullable(), said: Said })),
});

/** `session:<node>/<name>`: an initiator's session, and who serves it now. */
export const SessionEntity = z.object({
  kind: z.literal("session"),
  from: From,
  session: IscsiSession,
  /** Both ends together: "logged in to ruby", "FAILED, I/O waits", "ruby does not list it" … */
  said: Said,
  /** What iscsiadm prints, when that is not the truth. */
  toolSays: z.string().nullable(),
  /** Whose portal it leads to. Null: nobody's, or not known; `said` tells which. */
  servedBy: z.object({ node: z.string(), target: z.string() }).nullable(),
  /** Sessions of this node to the same target that are up: the ways to its disks. */
  ways: z.number().int(),
  /** Each disk with its way down to the backing disk, a step each. */
  paths: z.array(z.object({ disk: z.string(), said: Said, steps: z.array(z.string()) })),
});

/** `corosync:<node>`: Corosync as one node sees it. */
export const CorosyncEntity = z.object({
  kind: z.literal("corosync"),
  from: From,
  corosync: Corosync,
  /** "quorate", "no quorum", "does not run". */
  said: Said,
  /** What this console calls the nodes that Corosync has numbers for. */
  names: z.record(z.string(), z.string()),
});

/** `ring:<n>`: one ring (link number) of Corosync, as all its nodes see it together. */
export const RingEntity = z.object({
  kind: z.literal("ring"),
  link: z.number().int(),
  /** "connected", "down", "1 of 3 pairs down"; before Corosync 3 "no faults" or "faulty". */
  said: Said,
  /** Every node on it; `said` is how it stands there by that node's own word. */
  ends: z.array(z.object({ node: z.string(), address: z.string().nullable(), said: Said })),
  /** Each two nodes that tell of each other on it, `a` before `b` by name; what each says as printed, null where it does not. */
  pairs: z.array(z.object({ a: z.string(), b: z.string(), said: Said, aSays: z.string().nullable(), bSays: z.string().nullable() })),
});
