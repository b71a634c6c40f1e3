// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { ReadingError, Unread } from "@/agent/protocol/errors";
import { HostFacts } from "@/agent/protocol/model/host";
import { NodeRole } from "@/agent/protocol/names";
import { SourceName } from "@/agent/protocol/sources";
import { Recorded } from "../recorded";
import { Freshness, From, Said } from "./said";

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
  /** Id of the finding that the headline tells, with all that follows from it; null: it tells none. Missing: the console does not say. */
  headlineOf: z.string().nullable().optional(),
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
  /** Titles of the rules for findings that are switched off here: what they would tell is not looked for. Missing: none. */
  rulesOff: z.array(z.string()).optional(),
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
  /** The digests that its kernel lists in `/proc/crypto`; missing while that was never read. */
  digests: z.array(z.string()).optional(),
  /** How far its clock is ahead of the console's, in whole seconds; negative: behind. Missing while it is not worth a word. */
  clockAheadSeconds: z.number().int().optional(),
  /** Epoch ms of the boot, from uptime; null when not said. */
  bootedAtMs: z.number().nullable(),
  /** What people call the machine beside its name: "rack 4, left". Missing: nothing. */
  label: z.string().optional(),
  /** The kinds of step its agent's policy allows over the link as it is now; empty: it only reads. Missing: an agent too old to be asked. */
  steps: z.array(z.string()).optional(),
  /** Whether Pacemaker leaves this node's resources alone. Missing: it says nothing of the node. */
  isInMaintenance: z.boolean().optional(),
  /** Whether Pacemaker says that it is in standby, whatever else its state is. Missing: as above. */
  isInStandby: z.boolean().optional(),
  /** Pools and arrays that were there before a boot and did not come up with it, by what the console remembers. Missing: none. */
  missing: z
    .array(z.object({ kind: z.enum(["pool", "array"]), name: z.string(), uuid: z.string().nullable(), sinceMs: z.number() }))
    .optional(),
  /** How it can be fenced, as the cluster's configuration has it. Missing: fencing is off, or that was not read. */
  fence: z
    .object({
      /** The devices for it. `from`: the nodes that may use the device, itself left out; null: not known. */
      ways: z.array(
        z.object({
          device: z.string(),
          /** Its level of the topology; null: there is none for this node. */
          level: z.number().int().nullable(),
          /** False: whom the device fences only the device itself knows. */
          isSure: z.boolean(),
          from: z.array(z.string()).nullable(),
        }),
      ),
      /** Whether `ways` are all there are, and all of them for sure. */
      isKnown: z.boolean(),
      /** Devices of its levels that cannot do their part, and why: "is not there". */
      broken: z.array(z.object({ level: z.number().int(), device: z.string(), why: z.string() })),
      /** A watchdog resets it when it has lost the cluster. */
      hasWatchdog: z.boolean(),
    })
    .optional(),
  /** What is not here of what services need that may run here, each with them. Missing: nothing, or not known. */
  lacks: z.array(z.object({ kind: z.string(), name: z.string(), resources: z.array(z.string()) })).optional(),
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
