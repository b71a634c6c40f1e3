// SPDX-License-Identifier: Apache-2.0
import type { AuditHead } from "@/agent/protocol/steps";
import type { AuditRecords } from "@/server/db/audit";
import type { AuditBodies } from "./bodies";
import { type AuditEntry, nextEntry } from "./chain";

/** The one writer of the chain. */
export interface AuditJournal {
  /** Writes the next entry; resolves when it is on the disk. @throws when it could not be written: then nothing is done */
  append<K extends keyof AuditBodies>(kind: K, of: { runId: string; cluster: string }, body: AuditBodies[K]): Promise<AuditHead>;
  records: AuditRecords;
}

/** `onAppended`: an entry was added to the chain. */
export async function openAuditJournal(
  records: AuditRecords,
  now: () => number,
  onAppended: () => void = () => undefined,
): Promise<AuditJournal> {
  let newest: AuditEntry | null = await records.newest();
  let last: Promise<unknown> = Promise.resolve();

  return {
    records,
    append(kind, { runId, cluster }, body) {
      const write = async (): Promise<AuditHead> => {
        const entry = nextEntry(newest, { atMs: now(), runId, cluster, kind, body: JSON.stringify(body) });
        await records.append(entry);
        newest = entry;
        onAppended();
        return { seq: entry.seq, hash: entry.hash };
      };
      const written = last.then(write, write);
      last = written;
      return written;
    },
  };
}
