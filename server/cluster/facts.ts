// SPDX-License-Identifier: Apache-2.0
import type { Recorded } from "@/agent/protocol/console/recorded";
import type { EventKind, EventPayload } from "@/agent/protocol/console/timeline";
import type { KernelLine } from "@/agent/protocol/model/kernel-log";
import type { NodeRole } from "@/agent/protocol/names";
import type { Reading, SourceName } from "@/agent/protocol/sources";

/** What the console knows of one source of one node. */
export interface SourceFacts<N extends SourceName = SourceName> {
  /** The newest reading. Its `takenAtMs` is the node's clock. */
  reading: Reading<N>;
  /** The newest reading that was ok, kept while later ones fail; null if none was. */
  lastOk: Extract<Reading<N>, { status: "ok" }> | null;
  /** The console's clock: when the node last tried to read, corrected by the link's clock offset. */
  takenAtMs: number;
  /** The console's clock of `lastOk`. */
  okAtMs: number | null;
  /** Pace in force. */
  everyMs: number;
  /** Read before the agent's link as it is, and not confirmed over it: the node may have been started anew since. */
  heldOver?: true;
  /**
   * What events need to know beside the newest reading: when a resync began, what was told last. Kept with the facts, so
   * that a restart between two frames changes no event. Keys are the tellers' own.
   */
  memory?: Memory;
}

/** Numbers by name: times are the node's own clock, as its frames say it; the bonds' `mac:` are addresses. */
export type Memory = Readonly<Record<string, number>>;

/** What the console knows of one agent and its node. Immutable; a change makes a new one. */
export interface NodeFacts {
  agentId: string;
  node: string;
  role: NodeRole;
  agentVersion: string | null;
  /** What people call the machine beside its name. Missing or null: nothing. */
  label?: string | null;
  /** Of a recording: what it does not hold will not come. */
  isRecorded?: boolean;
  /** A socket is open and the handshake is done. */
  connected: boolean;
  /** The console's clock at the last frame; null when never. */
  lastWordAtMs: number | null;
  /** When `connected` last changed. */
  connectedChangedAtMs: number | null;
  /** The console's clock minus the agent's, from its pulses. */
  clockOffsetMs: number;
  /** A pulse has been heard over the link as it is now: the offset is this link's. Missing: not yet. */
  hasPulse?: boolean;
  /** The agent's clock at the first pulse of the link as it is. Missing: not yet. */
  firstPulseAtMs?: number;
  sources: { readonly [N in SourceName]?: SourceFacts<N> };
  /** The sources that its agent says it reads, by name, some perhaps not known here. Missing: not linked since this start. */
  reads?: readonly string[];
  /** The kinds of step its policy allows over the link as it is. Missing: an agent that knows no steps, or not linked since this start. */
  steps?: readonly string[];
  /** The newest 12 lines, newest first. */
  kernelLines: readonly KernelLine[];
}

/** One cluster's testimony: every node's. What a person sees is computed from this and a clock, nothing else. */
export interface ClusterFacts {
  slug: string;
  title: string;
  environment: string | null;
  /** Set for a recording that somebody opened: its clock stands, and no agent ever speaks for it. */
  recorded?: Recorded;
  nodes: ReadonlyMap<string, NodeFacts>;
}

/** An event before the database gave it a number. */
export interface NewEvent {
  atMs: number;
  node: string | null;
  source: SourceName | null;
  subject: string;
  text: string;
  level: "ok" | "busy" | "risk" | "bad" | "differs" | "old" | "unknown" | "absent" | "held";
  by: string;
  /** Missing: a change of state. */
  what?: EventKind;
  why?: string;
  /** What it leads to: "run:<id>", "finding:<id>", "note:<id>". */
  ref?: string;
  /** What it tells, as fields; missing: only in words. */
  payload?: EventPayload;
}
export interface StoredEvent extends NewEvent {
  id: number;
}
