// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { KernelLine } from "./model/kernel-log";
import { NodeName, NodeRole } from "./names";
import { Readings, SourceName } from "./sources";
import { AuditHead, PrepareResult, PreviewResult, Step, StepResult } from "./steps";

/** The protocol this build speaks. Raised only when a field is re-meant; additions do not raise it. */
export const PROTOCOL = 1;

const Base64 = z
  .string()
  .regex(/^[A-Za-z0-9+/]+={0,2}$/)
  .max(200);
const Sequence = z.object({
  journalId: z.string().max(64),
  seq: z.number().int().positive(),
  /** Where given it must be the agent's own: a frame may only change facts of its own node. */
  node: NodeName.optional(),
});
export type Sequence = z.infer<typeof Sequence>;
const RequestId = z.string().max(64);
/** So many heads of the audit chain an agent keeps. */
export const MAX_HEADS = 1_000;

/** `POST /api/v1/enroll`: the agent trades a one-time token for trust in its key. */
export const EnrollRequest = z.object({ token: z.string().max(200), node: NodeName, publicKey: Base64, agentVersion: z.string().max(40) });
export type EnrollRequest = z.infer<typeof EnrollRequest>;
export const EnrollAnswer = z.object({
  agentId: z.string(),
  cluster: z.string(),
  role: NodeRole,
  /** The console's raw Ed25519 public key, base64: the agent pins it. */
  consoleKey: Base64,
});
export type EnrollAnswer = z.infer<typeof EnrollAnswer>;

/** `POST /api/v1/enroll/proof`: before a node gives its token away, the console proves that the token is its own, on this very connection. */
export const EnrollProofRequest = z.object({ nonce: Base64 });
export type EnrollProofRequest = z.infer<typeof EnrollProofRequest>;
export const EnrollProof = z.object({
  /** The console's raw Ed25519 public key, base64: the token carries its fingerprint. */
  consoleKey: Base64,
  signature: Base64,
});
export type EnrollProof = z.infer<typeof EnrollProof>;

/**
 * Agent → console.
 * Handshake: hello, (challenge), proof, (welcome). Then facts, lines and gaps, each with its place in the journal;
 * telemetry and pulse carry none: they may be dropped.
 */
export const AgentFrame = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("hello"),
    protocol: z.number().int(),
    agentId: z.string().max(64),
    node: NodeName,
    agentVersion: z.string().max(40),
    bootId: z.string().max(64).nullable(),
    nonce: Base64,
    /** What this agent reads. Any names: a newer agent's are skipped. Missing: the sources of the first release. */
    sources: z.array(z.string().max(40)).max(64).optional(),
    /** What the agent signs about its connection: `tls` itself, `proxy` nothing though it speaks TLS. Absent: no TLS, or an older agent. */
    channel: z.enum(["tls", "proxy"]).optional(),
    /** The steps that this node's policy allows, of those it takes over this link. Missing or empty: it only reads. Newer kinds are skipped. */
    steps: z.array(z.string().max(40)).max(64).optional(),
  }),
  z.object({ type: z.literal("proof"), signature: Base64 }),
  /** A reading that changed in more than its counters. `readings` holds exactly one source. Committed, then acknowledged. */
  Sequence.extend({ type: z.literal("fact"), atMs: z.number().int(), source: SourceName, readings: Readings }),
  /** One kernel line, streamed the moment it is printed: a fenced node's last words. */
  Sequence.extend({ type: z.literal("line"), atMs: z.number().int(), line: KernelLine }),
  /** The journal was full: `count` frames between these times were lost. */
  Sequence.extend({
    type: z.literal("gap"),
    atMs: z.number().int(),
    fromMs: z.number().int(),
    toMs: z.number().int(),
    count: z.number().int().positive(),
  }),
  /** A reading that changed only in counters or progress. Never journalled; the newest wins. */
  z.object({ type: z.literal("telemetry"), source: SourceName, readings: Readings }),
  /** Once a second: I am here, my clock says `sentAtMs`, and this is when I last read what I read since the last pulse, or everything. */
  z.object({
    type: z.literal("pulse"),
    sentAtMs: z.number().int(),
    read: z.partialRecord(SourceName, z.object({ takenAtMs: z.number().int(), everyMs: z.number().int() })),
  }),
  /** This node's policy changed: the steps it allows now, as in the hello. An older console skips it, and hears of it with the next hello. */
  z.object({ type: z.literal("policy"), steps: z.array(z.string().max(40)).max(64) }),
  /** Answers to what the console asked, by its `id`. Whatever was read for them was told before, in frames of its own. */
  z.object({ type: z.literal("previewed"), id: RequestId, result: PreviewResult }),
  z.object({ type: z.literal("prepared"), id: RequestId, result: PrepareResult }),
  z.object({ type: z.literal("stepDone"), id: RequestId, result: StepResult }),
  /** The heads of the console's audit chain that this agent was shown, oldest first; the oldest are forgotten first. */
  z.object({ type: z.literal("heads"), id: RequestId, heads: z.array(AuditHead).max(MAX_HEADS) }),
]);
export type AgentFrame = z.infer<typeof AgentFrame>;
export type JournalFrame = Extract<AgentFrame, { seq: number }>;

/** Console → agent. */
export const ConsoleFrame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("challenge"), nonce: Base64, signature: Base64 }),
  z.object({ type: z.literal("welcome"), ackedSeq: z.number().int().nonnegative(), ackedJournalId: z.string().nullable() }),
  /** Everything up to `seq` of this journal is committed: the agent may drop it. */
  z.object({ type: z.literal("ack"), journalId: z.string(), seq: z.number().int().positive() }),
  /** What would these steps do, one after the other? Changes nothing. */
  z.object({ type: z.literal("preview"), id: RequestId, steps: z.array(Step).min(1).max(4) }),
  /** Read these sources again now. With `steps`, for the acting agent: preview them anew, and give a nonce for the first. */
  z.object({
    type: z.literal("prepare"),
    id: RequestId,
    sources: z.array(SourceName).max(32),
    steps: z.array(Step).min(1).max(4).nullable(),
  }),
  /** Take a step. `body` is the JSON text of a StepOrder, `signature` the console's over exactly these bytes (see `stepBytes`). */
  z.object({ type: z.literal("step"), id: RequestId, body: z.string().max(200_000), signature: Base64 }),
  /** Which heads of the audit chain were you shown? */
  z.object({ type: z.literal("heads"), id: RequestId }),
  /** The socket closes next; `code` tells the agent whether trying again makes sense. */
  z.object({
    type: z.literal("refused"),
    code: z.enum([
      "LINK_UNKNOWN_AGENT",
      "LINK_TRUST_ENDED",
      "LINK_BAD_SIGNATURE",
      "LINK_WRONG_NODE",
      "LINK_BAD_FRAME",
      "LINK_PROTOCOL",
      "LINK_REPLACED",
      "LINK_FOREIGN_FACT",
      /** The agent's TLS does not end here, or ends here unexpectedly. Only said to agents that name their channel. */
      "LINK_CHANNEL",
    ]),
    message: z.string(),
  }),
]);
export type ConsoleFrame = z.infer<typeof ConsoleFrame>;

/** Largest frame either side accepts; a larger one closes the socket. Holds the reading of an 800 kB CIB. */
export const MAX_FRAME_BYTES = 8 * 1024 * 1024;
