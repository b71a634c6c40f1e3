// SPDX-License-Identifier: Apache-2.0
import type { AuditExportEnd, AuditPage, AuditRow, AuditVerdict } from "@/agent/protocol/console/commands";
import type { AuditRecords } from "@/server/db/audit";
import type { Agents } from "@/server/hub/requests";
import { type AuditEntry, compareHeads, faultOf } from "./chain";
import { rowOf } from "./rows";

/** Which rows; null: all. */
export interface AuditFilter {
  cluster: string | null;
  by: string | null;
  verb: string | null;
  outcome: string | null;
}

export interface AuditDeps {
  records: AuditRecords;
  agents: Agents;
  /** Every agent that can be asked now. */
  linked: () => readonly { cluster: string; node: string }[];
}

const PAGE = 50;
/** Entries read from the database at a time. */
const BATCH = 500;
const MOST_FAULTS = 20;

/** Reading the chain: pages of rows, all of them, and whether it is whole. */
export function createAudit({ records, agents, linked }: AuditDeps) {
  /** Rows before a place, newest first, each with the number of its first entry. */
  async function* rows(filter: AuditFilter, before: number | null): AsyncGenerator<{ row: AuditRow; seq: number }> {
    let from = before;
    for (;;) {
      const begun = await records.beginnings(from, filter.cluster, BATCH);
      const entries = byRun(await records.ofRuns(begun.map(({ runId }) => runId)));
      for (const { runId, seq } of begun) {
        const row = rowOf(entries.get(runId) ?? []);
        if (row && fits(row, filter)) yield { row, seq };
      }
      const last = begun.at(-1);
      if (!last || begun.length < BATCH) return;
      from = last.seq;
    }
  }

  return {
    /** Every row, newest first, and then the mark that these were all. */
    async *exported(filter: AuditFilter): AsyncGenerator<AuditRow | AuditExportEnd> {
      const newest = await records.newest();
      let count = 0;
      for await (const { row } of rows(filter, (newest?.seq ?? 0) + 1)) {
        count += 1;
        yield row;
      }
      yield { end: { rows: count, head: newest && { seq: newest.seq, hash: newest.hash } } };
    },
    async page(filter: AuditFilter, before: number | null): Promise<AuditPage> {
      const found: { row: AuditRow; seq: number }[] = [];
      for await (const one of rows(filter, before)) {
        if (found.length === PAGE) return { rows: found.map(({ row }) => row), next: found.at(-1)?.seq ?? null };
        found.push(one);
      }
      return { rows: found.map(({ row }) => row), next: null };
    },
    /** Goes through the whole chain; with `askAgents` also compares it with the heads that each linked agent was shown. */
    async verify(askAgents: boolean): Promise<AuditVerdict> {
      // Before the chain is read: what an agent is shown meanwhile would be missing in what was read.
      const heard = askAgents
        ? await Promise.all(linked().map(async ({ cluster, node }) => ({ cluster, node, heads: await agents.heads(cluster, node) })))
        : [];
      const faults: string[] = [];
      const hashes = new Map<number, string>();
      let before: AuditEntry | null = null;
      for (let batch = await records.after(0, BATCH); batch.length > 0; batch = await records.after(before?.seq ?? 0, BATCH)) {
        for (const entry of batch) {
          const fault = faultOf(entry, before);
          if (fault && faults.length < MOST_FAULTS) faults.push(fault);
          hashes.set(entry.seq, entry.hash);
          before = entry;
        }
      }
      const asked = heard.map(({ cluster, node, heads }) =>
        heads.ok
          ? { cluster, node, ...compareHeads(heads.answer, (seq) => hashes.get(seq) ?? null) }
          : { cluster, node, says: `It could not be asked: ${heads.why}.`, agrees: null },
      );
      return {
        isWhole: faults.length === 0 && asked.every(({ agrees }) => agrees !== false),
        entries: hashes.size,
        head: before && { seq: before.seq, hash: before.hash },
        faults,
        agents: asked,
      };
    },
  };
}
export type Audit = ReturnType<typeof createAudit>;

function byRun(entries: readonly AuditEntry[]): Map<string, AuditEntry[]> {
  const runs = new Map<string, AuditEntry[]>();
  for (const entry of entries) {
    const own = runs.get(entry.runId);
    if (own) own.push(entry);
    else runs.set(entry.runId, [entry]);
  }
  return runs;
}

function fits(row: AuditRow, { by, verb, outcome }: AuditFilter): boolean {
  return (by === null || row.by === by) && (verb === null || row.ask.verb === verb) && (outcome === null || row.outcome === outcome);
}
