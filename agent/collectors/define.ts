// SPDX-License-Identifier: Apache-2.0
import type { Host } from "@/agent/host/host";
import type { KernelLine } from "@/agent/protocol/model/kernel-log";
import type { SourceName, SourceValue } from "@/agent/protocol/sources";

/** The text is there, but not in words we understand: what, where, and a short piece of it. Becomes COLLECT_PARSE. */
export class ParseError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ParseError";
  }
}

/** So many records between two times are lost. Units: epoch ms. */
export interface Lost {
  fromMs: number;
  toMs: number;
  count: number;
}

/** One source of facts on a node. The whole agent is a list of these (catalog.ts). */
export interface Collector<N extends SourceName = SourceName> {
  name: N;
  /** What is read, as an operator would name it; for `explain` and error messages. */
  reads: string;
  /** Pace while nothing rings; a doorbell makes it sooner. */
  everyMs: number;
  /** Pace while it is not on this node: what is not here seldom comes. Default: `everyMs`. */
  absentEveryMs?: number;
  /** A faster or slower pace while the value asks for it (a resync runs). */
  paceMs?: (value: SourceValue<N>) => number;
  /** In how many ms one more read follows, because this value lacks what only the next one asks for: no pace, and never told as one. */
  againMs?: (value: SourceValue<N>) => number | null;
  /** Limit for one whole read; after it the reading is COLLECT_TIMEOUT and no other source has waited. */
  timeoutMs: number;
  /**
   * Reads once. null = not on this node; throws HostError or ParseError = there, but unreadable.
   * The previous good value is given so that expensive parts can be read only when something moved.
   */
  read(host: Host, previous: SourceValue<N> | null): Promise<SourceValue<N> | null>;
  /** Things whose every word means "read again now". Followed while the agent runs; none under `once`. */
  doorbells?: (host: Host) => { ring: (bell: () => void, signal: AbortSignal) => void };
  /** Kernel lines that mean the same: what they say of this source shows in it by then. */
  kernelBell?: RegExp;
  /**
   * New kernel lines the moment they appear; each becomes a journalled frame of its own. `lost` tells of records that were
   * overwritten before they were read, whatever they were about.
   */
  stream?: (host: Host, emit: (line: KernelLine) => void, signal: AbortSignal, lost?: (records: Lost) => void) => void;
  /**
   * The value without its counters and progress: while this stays equal (deeply), a change is telemetry, not an event.
   * Default: the value itself.
   */
  steady?: (value: SourceValue<N>) => unknown;
}

export function defineCollector<N extends SourceName>(collector: Collector<N>): Collector<N> {
  return collector;
}
