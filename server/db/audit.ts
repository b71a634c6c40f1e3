// SPDX-License-Identifier: Apache-2.0
import type { AuditEntry } from "@/server/audit/chain";
import type { Client } from "./connection";
import type { AuditEntryModel } from "./generated/models/AuditEntry";

export interface AuditRecords {
  /** Adds the next entry. @throws when its number is taken: the chain has one writer */
  append(entry: AuditEntry): Promise<void>;
  /** The newest entry; null when there is none. */
  newest(): Promise<AuditEntry | null>;
  /** The next entries in the order of the chain, after this number. */
  after(seq: number, limit: number): Promise<AuditEntry[]>;
  /** The newest entries that begin a run's record (opened or refused) before this number, newest first. */
  beginnings(before: number | null, cluster: string | null, limit: number): Promise<AuditEntry[]>;
  /** All entries of these runs, in the order of the chain. */
  ofRuns(runIds: readonly string[]): Promise<AuditEntry[]>;
  /** Runs that were opened and have no end. */
  unclosed(): Promise<AuditEntry[]>;
}

function entryOf({ atMs, ...row }: AuditEntryModel): AuditEntry {
  return { ...row, atMs: Number(atMs) };
}

const BEGINS = ["opened", "refused"];

export function auditRecords(prisma: Client): AuditRecords {
  return {
    async append({ atMs, ...entry }) {
      await prisma.auditEntry.create({ data: { ...entry, atMs: BigInt(atMs) } });
    },
    async newest() {
      const row = await prisma.auditEntry.findFirst({ orderBy: { seq: "desc" } });
      return row && entryOf(row);
    },
    after: async (seq, limit) =>
      (await prisma.auditEntry.findMany({ where: { seq: { gt: seq } }, orderBy: { seq: "asc" }, take: limit })).map(entryOf),
    async beginnings(before, cluster, limit) {
      const rows = await prisma.auditEntry.findMany({
        where: { kind: { in: BEGINS }, ...(before === null ? {} : { seq: { lt: before } }), ...(cluster === null ? {} : { cluster }) },
        orderBy: { seq: "desc" },
        take: limit,
      });
      return rows.map(entryOf);
    },
    ofRuns: async (runIds) =>
      (await prisma.auditEntry.findMany({ where: { runId: { in: [...runIds] } }, orderBy: { seq: "asc" } })).map(entryOf),
    async unclosed() {
      const opened = await prisma.auditEntry.findMany({ where: { kind: "opened" }, orderBy: { seq: "asc" } });
      const closed = new Set(
        (await prisma.auditEntry.findMany({ where: { kind: "closed" }, select: { runId: true } })).map(({ runId }) => runId),
      );
      return opened.filter(({ runId }) => !closed.has(runId)).map(entryOf);
    },
  };
}
