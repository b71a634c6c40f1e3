// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { VerifySummary } from "@/agent/protocol/console/verify";

/** What one node has said of a run so far. Times are the console's clock, sectors of 512 bytes. */
export const RunSide = z.object({
  node: z.string(),
  /** Its minor, by which kernel lines of 8.x name the device. */
  minor: z.number().int(),
  /** The first sector that it compares; null where neither a line nor the progress said it. */
  startSector: z.number().nullable(),
  /** Its reading, or its kernel, said VerifyS or VerifyT. */
  wasOn: z.boolean(),
  /** Its reading did. */
  wasRead: z.boolean(),
  /** The first word of its end, by a line or a reading. What begins after it is another run. */
  endedAtMs: z.number().nullable(),
  /** The kernel's "done": how long it took without pauses, and the rate that it counted. */
  done: z.object({ atMs: z.number(), seconds: z.number(), kibPerSec: z.number() }).nullable(),
  foundBytes: z.number().nullable(),
  reachedSector: z.number().nullable(),
  /** The state that its kernel says it went to: "Connected", "Disconnecting". */
  wentTo: z.string().nullable(),
  /** The first reading after it, in the kernel's words. */
  left: z.object({ atMs: z.number(), connection: z.string(), replication: z.string(), disk: z.string(), peerDisk: z.string() }).nullable(),
  /** Kernel lines or readings of this node were lost while it ran. */
  hasGap: z.boolean(),
  beforeBytes: z.number().nullable(),
  afterBytes: z.number().nullable(),
  /** Lines of blocks that differ: how many it logged, and their sum. The first MAX_RANGES are kept. */
  rangesLogged: z.number().int(),
  bytesLogged: z.number(),
});
export type RunSide = z.infer<typeof RunSide>;

/** A verify under way: what is shown of it, and what its end will be judged by. Kept with the record, so that a restart goes on from it. */
export const FollowedRun = z.object({
  summary: VerifySummary,
  /** The two nodes whose copies are compared, by name: "crystal+ruby". One alone where nobody names the other. */
  pair: z.string(),
  /** Grows with every change: of two versions of a run the higher one is newer. */
  revision: z.number().int(),
  algorithm: z.string().nullable(),
  versions: z.array(z.object({ node: z.string(), version: z.string() })),
  accepted: z.array(z.string()),
  sides: z.array(RunSide),
  /** Kernel lines that are kept of it so far. */
  lines: z.number().int(),
  /** Why it was stopped, as a phrase with who did it: "stopped by anna"; null while nobody of the console did. */
  stoppedBy: z.string().nullable(),
  /** The console's clock when something was last heard of it, and when the first word of its end was. */
  heardAtMs: z.number(),
  endingSinceMs: z.number().nullable(),
});
export type FollowedRun = z.infer<typeof FollowedRun>;

/** Kernel lines of both nodes that are kept of a run, and of those how many that only say where blocks differ: the ranges have them. */
export const MAX_LINES = 200;
export const MAX_RANGE_LINES = 120;

export interface KeptRange {
  run: string;
  node: string;
  startSector: number;
  sectors: number;
}
export interface KeptLine {
  run: string;
  node: string;
  kmsgSeq: number;
  atMs: number;
  text: string;
}

/** What is to be written of runs: whole runs, and ranges and lines that came to them. */
export interface VerifyWrites {
  runs: FollowedRun[];
  ranges: KeptRange[];
  lines: KeptLine[];
}
export const NO_WRITES: VerifyWrites = { runs: [], ranges: [], lines: [] };
