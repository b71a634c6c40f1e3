// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import type { AuditHead } from "@/agent/protocol/steps";

/** One entry as it is kept. Never changed, never removed. */
export interface AuditEntry {
  /** From 1, without a gap. */
  seq: number;
  atMs: number;
  runId: string;
  cluster: string;
  kind: string;
  /** JSON text, exactly as it was hashed. */
  body: string;
  /** SHA-256, hex, over everything above and the hash of the entry before. */
  hash: string;
}

/** What stands before the first entry. */
const GENESIS = "0".repeat(64);

/** One labelled line per fact, the body last: no two different entries give the same bytes. */
export function hashOf({ seq, atMs, runId, cluster, kind, body }: Omit<AuditEntry, "hash">, before: AuditEntry | null): string {
  const lines = ["quarterdeck audit 1", `seq ${seq}`, `at ${atMs}`, `run ${runId}`, `cluster ${cluster}`, `kind ${kind}`];
  return createHash("sha256")
    .update(`${[...lines, `before ${before?.hash ?? GENESIS}`, body].join("\n")}\n`)
    .digest("hex");
}

/** The entry that follows `before`. */
export function nextEntry(before: AuditEntry | null, entry: Omit<AuditEntry, "seq" | "hash">): AuditEntry {
  const numbered = { ...entry, seq: (before?.seq ?? 0) + 1 };
  return { ...numbered, hash: hashOf(numbered, before) };
}

/** What is wrong between an entry and the one before it, as a sentence; null when nothing is. */
export function faultOf(entry: AuditEntry, before: AuditEntry | null): string | null {
  const expected = (before?.seq ?? 0) + 1;
  if (entry.seq !== expected) return `Entry ${expected} is missing: after ${expected - 1} comes ${entry.seq}.`;
  if (entry.hash !== hashOf(entry, before)) return `Entry ${entry.seq} is not what it was: its hash does not fit.`;
  return null;
}

/** How the heads that an agent was shown compare with the chain as it is: a rewritten chain has other hashes at their places. */
export function compareHeads(heads: readonly AuditHead[], hashAt: (seq: number) => string | null): { agrees: boolean; says: string } {
  const odd = heads.find(({ seq, hash }) => hashAt(seq) !== hash);
  if (odd) {
    const what = hashAt(odd.seq) === null ? "the chain has no such entry" : "the chain has another hash there";
    return { agrees: false, says: `It was shown entry ${odd.seq} as ${odd.hash.slice(0, 12)}…, but ${what}: the database was rewritten.` };
  }
  const last = heads.at(-1);
  if (!last) return { agrees: true, says: "It was shown no entry yet." };
  return { agrees: true, says: `All ${heads.length} entries it was shown are in the chain, up to ${last.seq}.` };
}
