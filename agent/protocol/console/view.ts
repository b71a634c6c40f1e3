// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { ReadingError, Unread } from "../errors";
import { AoeDevice, AoeExport } from "../model/aoe";
import { Bond } from "../model/bonding";
import { Corosync } from "../model/corosync";
import { Dlm } from "../model/dlm";
import { DrbdDevice, DrbdProgress, DrbdSettings } from "../model/drbd";
import { HostFacts } from "../model/host";
import { IscsiSession, IscsiTarget } from "../model/iscsi";
import { KernelLine } from "../model/kernel-log";
import { MdArray } from "../model/md";
import { Mount, Swap } from "../model/mounts";
import { Ocfs2 } from "../model/ocfs2";
import { PacemakerConstraint, PacemakerFailure, PacemakerFencing } from "../model/pacemaker";
import { ZfsPool } from "../model/zfs";
import { NodeRole } from "../names";
import { SourceName } from "../sources";
import { Recorded } from "./recorded";
import { Maintenance, Run, Verdict } from "./runs";

/** What a state means to a person; each has one shape and one colour in the browser. The server alone decides it. */
export const Level = z.enum(["ok", "busy", "risk", "bad", "differs", "old", "unknown", "absent", "held"]);
export type Level = z.infer<typeof Level>;

/**
 * live: heard in time. stale: late. lost: silent for long. never: not heard since it was added.
 * recorded: as it was in a recording that somebody opened; never live.
 */
export const Freshness = z.enum(["live", "stale", "lost", "never", "recorded"]);
export type Freshness = z.infer<typeof Freshness>;

/** A state as a person reads it: a level, the word or short phrase, and where it needs one, the reason as a sentence. */
export const Said = z.object({ level: Level, word: z.string(), why: z.string().nullable() });
export type Said = z.infer<typeof Said>;

/** Where a value comes from. Age and freshness are those of `source:<node>/<source>`: they change for all its values at once. */
export const From = z.object({ node: z.string(), source: SourceName });
export type From = z.infer<typeof From>;

/** `cluster`: the cluster as a whole. */
export const ClusterEntity = z.object({
  kind: z.literal("cluster"),
  slug: z.string(),
  title: z.string(),
  environment: z.string().nullable(),
  /** "2 nodes, DRBD 8.3 and 8.4, AoE": what it is made of, in words. */
  madeOf: z.string(),
  /** The verdict: the worst finding, or that nothing known is wrong. A sentence with a subject. */
  headline: Said,
  /** Since when the headline holds (epoch ms); null when not known. */
  sinceMs: z.number().nullable(),
  pacemaker: z
    .object({
      from: From,
      version: z.string().nullable(),
      dc: z.string().nullable(),
      quorum: Said,
      fencing: Said,
      maintenance: z.boolean(),
      featureSet: z.string().nullable(),
    })
    .nullable(),
  /** Sides of a partition that see it otherwise than the side shown, each as a sentence with its node. */
  dissent: z.array(z.object({ node: z.string(), says: z.string() })),
  /** Set for a recording: judged as of its moment, told nowhere as news, and never acted upon. */
  recorded: Recorded.optional(),
});

/** `node:<name>` */
export const NodeEntity = z.object({
  kind: z.literal("node"),
  name: z.string(),
  role: NodeRole,
  /** The agent's link: the console's own knowledge, earlier than the cluster's. */
  link: Freshness,
  /** The console's clock at the last word of the agent; moves with the feed's pulse, not with patches. */
  lastWordAtMs: z.number().nullable(),
  /** Since when the link is as it is. */
  linkSinceMs: z.number().nullable(),
  /** What it is right now, merged from link and cluster: "online", "standby", "pending", "offline", "unclean", "silent" … */
  state: Said,
  /** What each other node's Pacemaker says of it, where that differs from `state`. */
  opinions: z.array(z.object({ node: z.string(), says: z.string() })),
  isDc: z.boolean(),
  /** What it carries now, as a sentence: "Runs g_mail; Primary for mail." For a client: whether its disks are there. */
  carries: Said,
  host: HostFacts.nullable(),
  drbdVersion: z.string().nullable(),
  agentVersion: z.string().nullable(),
  /** What is installed and what runs, in the order of the stack; missing while it was never read. */
  versions: z
    .array(
      z.object({
        /** "DRBD module", "Pacemaker" … */
        what: z.string(),
        version: z.string().nullable(),
        /** Where it is another one than elsewhere or than on disk: a phrase, "crystal has 8.4.10". */
        differs: z.string().nullable(),
      }),
    )
    .optional(),
  /** How far its clock is ahead of the console's, in whole seconds; negative: behind. Missing while it is not worth a word. */
  clockAheadSeconds: z.number().int().optional(),
  /** Epoch ms of the boot, from uptime; null when not said. */
  bootedAtMs: z.number().nullable(),
  /** What people call the machine beside its name: "rack 4, left". Missing: nothing. */
  label: z.string().optional(),
  /** The kinds of step its agent's policy allows over the link as it is now; empty: it only reads. Missing: an agent too old to be asked. */
  steps: z.array(z.string()).optional(),
  /** Set while Pacemaker leaves this node's resources alone; missing otherwise. */
  isInMaintenance: z.boolean().optional(),
  /** Set while Pacemaker says that it is in standby, whatever else its state is; missing otherwise. */
  isInStandby: z.boolean().optional(),
  /** Key of the kernel-lines entity is `kernel:<name>`. */
});

/** `source:<node>/<source>`: one reading's standing. When it fails, the values of the last good one stay shown, marked. */
export const SourceEntity = z.object({
  kind: z.literal("source"),
  node: z.string(),
  source: SourceName,
  status: z.enum(["pending", "ok", "absent", "failed"]),
  error: ReadingError.nullable(),
  freshness: Freshness,
  /** The console's clock when the node last tried; moves with the feed's pulse. */
  takenAtMs: z.number().nullable(),
  /** When the values shown were read: `takenAtMs` while status is ok, the last good time while it failed. */
  okAtMs: z.number().nullable(),
  everyMs: z.number().nullable(),
  /** What is read, as an operator would name it: "/proc/drbd", "crm_mon --output-as=xml". */
  how: z.string(),
  unread: z.array(Unread),
});

/** `drbd:<resource>/<volume>@<node>`: one side of a mirror, in its own words. Resource is `minor-<n>` where no name is known. */
export const DrbdEntity = z.object({
  kind: z.literal("drbd"),
  from: From,
  resource: z.string(),
  volume: z.number().int(),
  mirror: z.string(),
  device: DrbdDevice,
  settings: DrbdSettings.nullable(),
  /** Role and disk judged: "UpToDate", "Inconsistent", "Diskless" … */
  said: Said,
});

/** One line between two copies of a mirror. */
export const MirrorPair = z.object({
  a: z.string(),
  b: z.string(),
  /** "in sync", "resync to crystal", "not connected", "Off" … */
  said: Said,
  /** The connection and replication words of each side, null where that side does not say. */
  aSays: z.string().nullable(),
  bSays: z.string().nullable(),
  /** Solid, moving, differing, cut or old: what the line looks like. */
  line: z.enum(["connected", "resync", "verify", "differs", "cut", "old"]),
  progress: DrbdProgress.nullable(),
  /** For a resync: the node that receives. */
  towards: z.string().nullable(),
  outOfSyncBytes: z.number().nullable(),
});
export type MirrorPair = z.infer<typeof MirrorPair>;

/** `mirror:<resource>/<volume>`: both (or all) sides together. */
export const MirrorEntity = z.object({
  kind: z.literal("mirror"),
  resource: z.string(),
  volume: z.number().int(),
  /** "drbd0" or "drbd0 and drbd3" when the sides differ. */
  device: z.string(),
  protocol: z.string().nullable(),
  sizeBytes: z.number().nullable(),
  copies: z.array(
    z.object({
      node: z.string(),
      /** Key of this side's `drbd:` entity; null when only the peer speaks of it. */
      drbd: z.string().nullable(),
      role: z.string(),
      disk: z.string(),
      said: Said,
      /** 0–100: how much of it is in sync while Inconsistent; null when not known. */
      syncedPercent: z.number().nullable(),
      /** This side's own name of the resource, where it differs from the mirror's. */
      resource: z.string().optional(),
    }),
  ),
  pairs: z.array(MirrorPair),
  /** The whole mirror in a phrase: "in sync", "resync 61 %", "only ruby holds it", "not connected". */
  said: Said,
  /** What the pair of states means, in plain sentences, most important first; what next, last. */
  meaning: z.array(z.string()),
  /** The nodes that hold all of it for certain: UpToDate, heard now, and connected to the Primary where there is one. */
  holders: z.array(z.string()).optional(),
  /** Set when one node alone holds all of it and every other copy is known not to. */
  onlyHolder: z.string().nullable().optional(),
});

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

/** `array:<node>/<md0>`: an md array and where its legs lead. */
export const ArrayEntity = z.object({
  kind: z.literal("array"),
  from: From,
  array: MdArray,
  /** "2 of 2 legs", "1 of 2 legs, recovery 22 %", "not running", "128 sectors differ" … */
  said: Said,
  legs: z.array(
    z.object({
      /** The kernel's name without its folder: "e0.1", "sda1". */
      name: z.string(),
      /** Key of the entity that this device is, where the view has one. */
      key: z.string().nullable(),
      /** The nodes at its other end: "jade"; null for what is of this node, or not known. */
      at: z.string().nullable(),
      said: Said,
    }),
  ),
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
/** `pool:<node>/<name>`: a ZFS pool and its devices, as legs of an array. */
export const PoolEntity = z.object({
  kind: z.literal("pool"),
  from: From,
  pool: ZfsPool,
  said: Said,
  devices: z.array(z.object({ name: z.string(), key: z.string().nullable(), at: z.string().nullable(), said: Said })),
});

/** One device that a mount stands on. Those of one `depth` lie side by side, deeper ones below them. */
const StandsOn = z.object({
  /** For people: "drbd1", "vg0-mail", "e0.1". */
  device: z.string(),
  kind: z.enum(["drbd", "md", "aoe", "iscsi", "lvm", "crypt", "multipath", "mapped", "partition", "loop", "disk"]),
  /** Key of the entity that it is, where the view has one: of DRBD the mirror's. */
  key: z.string().nullable(),
  /** The nodes at the other end of its wire: "jade". */
  at: z.string().nullable(),
  /** Null where nothing is known of it but that it is there. */
  said: Said.nullable(),
  depth: z.number().int().nonnegative(),
});

const ofDisk = {
  /** Nearest first; empty where the device is not one of sysfs. */
  standsOn: z.array(StandsOn),
  /** Key of the mirror whose own disk is used here, past DRBD; null when none is. */
  bypasses: z.string().nullable(),
};

/** `mount:<node>/<mount point>` */
export const MountEntity = z.object({ kind: z.literal("mount"), from: From, mount: Mount, said: Said, ...ofDisk });

/** `swap:<node>/<device>` */
export const SwapEntity = z.object({ kind: z.literal("swap"), from: From, swap: Swap, said: Said, ...ofDisk });

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
  /** How long its last start, stop, promote and demote took on each node, and what the configuration allows; null where not said. */
  timings: z.array(z.object({ node: z.string(), task: z.string(), tookMs: z.number(), timeoutMs: z.number().nullable() })).optional(),
});

/** `constraint:<id>`: only those a person should know: left by tools (cli-ban, cli-prefer, drbd-fence-by-handler) or banning. */
export const ConstraintEntity = z.object({ kind: z.literal("constraint"), from: From, constraint: PacemakerConstraint, said: Said });

/** `fencing:<n>`: one entry of the fence history, newest first. */
export const FencingEntity = z.object({ kind: z.literal("fencing"), from: From, fencing: PacemakerFencing, said: Said });

/** `finding:<id>`: something a person should know, from one rule. */
export const FindingEntity = z.object({
  kind: z.literal("finding"),
  rule: z.string(),
  level: Level,
  title: z.string(),
  why: z.string(),
  /** What to do next, as a sentence; null when there is nothing to do but wait. */
  todo: z.string().nullable(),
  /** Keys of the entities it is about, the main one first. */
  about: z.array(z.string()),
  sinceMs: z.number(),
});
export type FindingEntity = z.infer<typeof FindingEntity>;

/** `event:<id>`: something that changed. The newest 60 of a cluster are in its view; all are in the database. */
export const EventEntity = z.object({
  kind: z.literal("event"),
  atMs: z.number(),
  node: z.string().nullable(),
  source: SourceName.nullable(),
  /** What it is about: "store", "crystal", "idmz". */
  subject: z.string(),
  /** "store in sync after 11 min 39 s" */
  text: z.string(),
  level: Level,
  /** "kernel, ruby", "Pacemaker", "found by the console". */
  by: z.string(),
});
export type EventEntity = z.infer<typeof EventEntity>;

/** `kernel:<node>`: the newest kernel lines (at most 12), newest first. */
export const KernelEntity = z.object({ kind: z.literal("kernel"), from: From, lines: z.array(KernelLine) });

/** `run:<id>`: a command under way, or one that ended a little while ago. The audit has all of them. */
export const RunEntity = z.object({ kind: z.literal("run"), ...Run.shape });

/** `safety:<node>`: "Is it safe to take this node down now?" */
export const SafetyEntity = z.object({ kind: z.literal("safety"), ...Verdict.shape });

/** `maintenance:<node>`, or `maintenance:*` for the whole cluster: somebody holds it still on purpose, with an end. */
export const MaintenanceEntity = z.object({ kind: z.literal("maintenance"), ...Maintenance.shape, said: Said });

export const Entity = z.discriminatedUnion("kind", [
  ClusterEntity,
  NodeEntity,
  SourceEntity,
  DrbdEntity,
  MirrorEntity,
  BondEntity,
  AoeEntity,
  ExportEntity,
  ArrayEntity,
  TargetEntity,
  SessionEntity,
  CorosyncEntity,
  RingEntity,
  MountEntity,
  SwapEntity,
  PoolEntity,
  Ocfs2Entity,
  DlmEntity,
  ResourceEntity,
  ConstraintEntity,
  FencingEntity,
  FindingEntity,
  EventEntity,
  KernelEntity,
  RunEntity,
  SafetyEntity,
  MaintenanceEntity,
]);
export type Entity = z.infer<typeof Entity>;
export type EntityKind = Entity["kind"];
export type EntityOf<K extends EntityKind> = Extract<Entity, { kind: K }>;

/** A cluster's view: small entities under stable keys. */
export type View = ReadonlyMap<string, Entity>;

export { keyOf } from "./keys";
