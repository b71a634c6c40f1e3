// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { KernelLine } from "./model/kernel-log";
import { NodeName, NodeRole } from "./names";
import { Readings, SourceName } from "./sources";

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
]);
export type AgentFrame = z.infer<typeof AgentFrame>;
export type JournalFrame = Extract<AgentFrame, { seq: number }>;

/** Console → agent. */
export const ConsoleFrame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("challenge"), nonce: Base64, signature: Base64 }),
  z.object({ type: z.literal("welcome"), ackedSeq: z.number().int().nonnegative(), ackedJournalId: z.string().nullable() }),
  /** Everything up to `seq` of this journal is committed: the agent may drop it. */
  z.object({ type: z.literal("ack"), journalId: z.string(), seq: z.number().int().positive() }),
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
