// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { LEFT_BY_TOOL } from "./left-constraint";
import { NodeName } from "./names";

/** A resource's id as an agent will pass it to a tool: an XML name without a colon, so it cannot be an option, a path or two words. */
export const ResourceName = z.string().regex(/^[A-Za-z_][A-Za-z0-9._-]{0,126}$/, "not a resource name");
export type ResourceName = z.infer<typeof ResourceName>;

/** A DRBD resource's name as an agent will pass it to drbdadm: no option, no peer, no volume, no path, and never the word for all of them. */
export const DrbdName = z.string().regex(/^(?!all$)[A-Za-z0-9_][A-Za-z0-9._-]{0,126}$/, "not the name of one DRBD resource");

/** How DRBD's tools are spoken to: by the generation of the module that is loaded on the acting node. */
export const DrbdGeneration = z.enum(["8.3", "8.4", "9"]);
export type DrbdGeneration = z.infer<typeof DrbdGeneration>;
/** One volume, or with DRBD 9 its copy on one peer (null: on every peer); 8.x has one peer, and is given none. */
const drbdVolume = {
  resource: DrbdName,
  volume: z.number().int().min(0).max(65_535),
  peer: NodeName.nullable(),
  generation: DrbdGeneration,
};

/** The constraints an agent will ever remove: those that tools leave behind. What an admin wrote has other names. */
export const LeftConstraint = z.string().regex(LEFT_BY_TOOL, "not a constraint that a tool leaves behind");
export type LeftConstraint = z.infer<typeof LeftConstraint>;

/** A role a person may ask a promotable clone's constraint for. */
const AskedRole = z.enum(["Promoted"]).nullable();
/** Whole seconds a constraint lasts; null: until it is removed. */
const LifetimeSeconds = z.number().int().min(1).max(2_592_000).nullable();

/**
 * The closed list of acts. Each is typed: an agent never takes XML, a path or arguments, and builds every command line itself.
 * A new kind is a security review (docs/security.md).
 */
export const Step = z.discriminatedUnion("kind", [
  /** `crm_standby`: the node runs nothing, until it is taken back. */
  z.object({ kind: z.literal("standby"), node: NodeName, on: z.boolean() }),
  /** `crm_resource --move`: a `cli-prefer-` constraint. */
  z.object({ kind: z.literal("prefer"), resource: ResourceName, node: NodeName, role: AskedRole, lifetimeSeconds: LifetimeSeconds }),
  /** `crm_resource --ban`: a `cli-ban-` constraint. */
  z.object({ kind: z.literal("ban"), resource: ResourceName, node: NodeName, role: AskedRole, lifetimeSeconds: LifetimeSeconds }),
  /** Removes constraints that tools left, each by its id; one that is gone already is no fault. */
  z.object({ kind: z.literal("clear"), resource: ResourceName, constraints: z.array(LeftConstraint).min(1).max(32) }),
  /** `is-managed` of a resource. */
  z.object({ kind: z.literal("managed"), resource: ResourceName, on: z.boolean() }),
  /** `maintenance-mode` of the cluster (node null), or `maintenance` of one node. */
  z.object({ kind: z.literal("maintenance"), node: NodeName.nullable(), on: z.boolean() }),
  /** `crm_resource --cleanup`: forgets failures, and probes again. Not a change of the configuration: cannot be conditional. */
  z.object({ kind: z.literal("cleanup"), resource: ResourceName, node: NodeName.nullable() }),
  /** `stonith_admin --reboot` or `--off`. Not conditional either. */
  z.object({ kind: z.literal("fence"), node: NodeName, action: z.enum(["reboot", "off"]) }),
  /** `aoe-discover`: asks the network for AoE targets. Changes nothing that is in use. */
  z.object({ kind: z.literal("aoeDiscover") }),
  /** `drbdadm disconnect`: this node's DRBD lets go of its peer. `peer` is named where there may be several (DRBD 9); null on 8.x. */
  z.object({ kind: z.literal("drbdDisconnect"), resource: DrbdName, peer: NodeName.nullable() }),
  /** `drbdadm connect`: it looks for its peer again. */
  z.object({ kind: z.literal("drbdConnect"), resource: DrbdName, peer: NodeName.nullable() }),
  /** `drbdadm invalidate --reset-bitmap=no`: the blocks that are marked out of sync, and only those, are overwritten here with the peer's. */
  z.object({ kind: z.literal("drbdTakeFromPeer"), resource: DrbdName, volume: z.number().int().min(0).max(65_535), peer: NodeName }),
  /** `drbdadm verify` from the first sector: compares this node's copy with its peer's, or with all of them. Changes no data. */
  z.object({ kind: z.literal("drbdVerify"), ...drbdVolume }),
  /** `drbdadm verify --stop=0`: ends the one that this node started. */
  z.object({ kind: z.literal("drbdVerifyStop"), ...drbdVolume }),
]);
export type Step = z.infer<typeof Step>;
export type StepKind = Step["kind"];
export const StepKind = z.enum([
  "standby",
  "prefer",
  "ban",
  "clear",
  "managed",
  "maintenance",
  "cleanup",
  "fence",
  "aoeDiscover",
  "drbdDisconnect",
  "drbdConnect",
  "drbdTakeFromPeer",
  "drbdVerify",
  "drbdVerifyStop",
]);

/** Steps that change the configuration: simulated on a copy, then written as a patch conditional on the epoch that was seen. */
export const CIB_STEPS: ReadonlySet<StepKind> = new Set(["standby", "prefer", "ban", "clear", "managed", "maintenance"]);

/** Which configuration a preview was made from. */
const ConfigVersion = z.object({ adminEpoch: z.number().int(), epoch: z.number().int() });
export type ConfigVersion = z.infer<typeof ConfigVersion>;

/** One line of `crm_simulate`'s <actions>, words as printed. `resource` is null for a fence action. */
export const SimulatedAction = z.object({
  resource: z.string().max(200).nullable(),
  /** start, stop, move, promote, demote, restart, recover, migrate, fence … */
  action: z.string().max(40),
  /** Where it is now (or the node fenced). */
  node: z.string().max(100).nullable(),
  /** Where it goes. */
  to: z.string().max(100).nullable(),
  role: z.string().max(40).nullable(),
  nextRole: z.string().max(40).nullable(),
  reason: z.string().max(500).nullable(),
});
export type SimulatedAction = z.infer<typeof SimulatedAction>;

/** One operation of the simulated transition, in its order. Probes and notifications are left out. */
export const SimulatedOperation = z.object({ resource: z.string().max(200), operation: z.string().max(40), node: z.string().max(100) });
export type SimulatedOperation = z.infer<typeof SimulatedOperation>;

/** Where an instance is predicted to be. */
export const Placement = z.object({ resource: z.string().max(200), node: z.string().max(100).nullable(), role: z.string().max(40) });
export type Placement = z.infer<typeof Placement>;

/** What one step would do, as the acting agent simulated it. Several steps build on each other's predicted outcome. */
export const StepPreview = z.object({
  /** The exact command lines, for people to read and copy. */
  commands: z.array(z.string().max(1_000)).max(20),
  /** For a change of the configuration: what it was computed from, and the digest of the change itself (SHA-256, hex). Null for the others. */
  change: z.object({ from: ConfigVersion, digest: z.string().regex(/^[0-9a-f]{64}$/) }).nullable(),
  /** True when the configuration says so already: nothing would be written. */
  isSame: z.boolean(),
  actions: z.array(SimulatedAction).max(2_000),
  operations: z.array(SimulatedOperation).max(5_000),
  /** The predicted end state of all resources; empty where nothing was simulated, or too much moves to be played through to its end. */
  placements: z.array(Placement).max(5_000),
  /** For a fence step: the devices that can reach the node, by `stonith_admin --list`. Null for others. */
  fenceDevices: z.array(z.string().max(200)).max(64).nullable(),
});
export type StepPreview = z.infer<typeof StepPreview>;

/** Why an agent did not do, or could not do, what it was asked. */
export const StepErrorCode = z.enum([
  /** The node's policy file does not allow this kind of step. */
  "STEP_POLICY",
  /** The link is not one on which acts are taken: plain text off loopback. */
  "STEP_LINK",
  /** Not signed by the console, or the signature is of other bytes. */
  "STEP_SIGNATURE",
  /** Addressed to another agent. */
  "STEP_NOT_MINE",
  /** The nonce is unknown, used or too old, or was given for another step. */
  "STEP_NONCE",
  /** The configuration or a DRBD state is not what was previewed. */
  "STEP_CHANGED",
  /** Does not fit the contract. */
  "STEP_INVALID",
  /** Another step of this agent is under way. */
  "STEP_BUSY",
  /** The tool is not installed, or Pacemaker does not run here. */
  "STEP_ABSENT",
  /** The tool refused or failed: its exit code and first words are in the message. */
  "STEP_TOOL",
  /** The tool did not answer in time. What it was asked may have happened. */
  "STEP_TIMEOUT",
]);
export type StepErrorCode = z.infer<typeof StepErrorCode>;
export const StepError = z.object({
  code: StepErrorCode,
  message: z.string().max(2_000),
  /** False when nothing was written for certain. */
  mayHaveHappened: z.boolean(),
});
export type StepError = z.infer<typeof StepError>;

export const PreviewResult = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), steps: z.array(StepPreview).min(1).max(4) }),
  z.object({ ok: z.literal(false), error: StepError }),
]);
export type PreviewResult = z.infer<typeof PreviewResult>;

/** A node's answer to `prepare`: everything asked for was read after it was asked, and told before this answer. */
export const PrepareResult = z.discriminatedUnion("ok", [
  z.object({
    ok: z.literal(true),
    /** For the acting agent: the preview made anew, and the nonce (base64) that one step may carry within 60 s. Null for the others. */
    ready: z.object({ nonce: z.string().max(64), steps: z.array(StepPreview).min(1).max(4) }).nullable(),
  }),
  z.object({ ok: z.literal(false), error: StepError }),
]);
export type PrepareResult = z.infer<typeof PrepareResult>;

/** How DRBD on the acting node must still stand when the step is taken; words as read. */
export const ExpectedDrbd = z.object({
  minor: z.number().int(),
  role: z.string().max(40),
  disk: z.string().max(40),
  peers: z
    .array(
      z.object({
        name: z.string().max(100).nullable(),
        connection: z.string().max(40),
        replication: z.string().max(40),
        disk: z.string().max(40),
      }),
    )
    .max(64),
});
export type ExpectedDrbd = z.infer<typeof ExpectedDrbd>;

/** A place in the console's chain of audit entries. */
export const AuditHead = z.object({ seq: z.number().int().positive(), hash: z.string().regex(/^[0-9a-f]{64}$/) });
export type AuditHead = z.infer<typeof AuditHead>;

/** What a console signs: one step, for one agent, once. It travels as the very text that was signed. */
export const StepOrder = z.object({
  agentId: z.string().max(64),
  node: NodeName,
  runId: z.string().max(64),
  step: Step,
  nonce: z.string().max(64),
  /** The chain's head with this run's row in it: the agent keeps it, so that a rewritten database can be told. */
  audit: AuditHead,
  expect: z.object({
    /** For a change of the configuration. */
    change: z.object({ from: ConfigVersion, digest: z.string().regex(/^[0-9a-f]{64}$/) }).nullable(),
    /** The acting node's mirrors; empty where it has none. */
    drbd: z.array(ExpectedDrbd).max(1_000),
  }),
});
export type StepOrder = z.infer<typeof StepOrder>;

export const StepResult = z.discriminatedUnion("ok", [
  z.object({
    ok: z.literal(true),
    /** The command lines that were run. */
    commands: z.array(z.string().max(1_000)).max(20),
    /** What they printed, cut to this length. */
    output: z.string().max(4_000),
  }),
  z.object({ ok: z.literal(false), error: StepError }),
]);
export type StepResult = z.infer<typeof StepResult>;
