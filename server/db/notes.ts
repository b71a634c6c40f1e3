// SPDX-License-Identifier: Apache-2.0
import type { NewEvent, StoredEvent } from "@/server/cluster/facts";
import type { Client } from "./connection";
import { eventRows, storedEvent } from "./events";

/** Who made a note, and who took it back. What it says is in its event. */
export interface Note {
  id: string;
  cluster: string;
  madeAtMs: number;
  by: string;
  withdrawn: { by: string; atMs: number } | null;
}

export interface NoteRecords {
  /** Keeps a note and its entry on the timeline together. */
  make(note: Omit<Note, "withdrawn">, event: NewEvent): Promise<StoredEvent[]>;
  /** Null: there is none of this id in this cluster. */
  find(cluster: string, id: string): Promise<Note | null>;
  /** Which of these were withdrawn. */
  withdrawn(ids: readonly string[]): Promise<ReadonlyMap<string, NonNullable<Note["withdrawn"]>>>;
  /** Takes a note back; what it said stays. False: it was taken back before, or there is none. */
  withdraw(cluster: string, id: string, by: string, atMs: number): Promise<boolean>;
}

export function noteRecords(prisma: Client): NoteRecords {
  return {
    make: ({ id, cluster, madeAtMs, by }, event) =>
      prisma.$transaction(async (tx) => {
        await tx.note.create({ data: { id, clusterSlug: cluster, madeAtMs: BigInt(madeAtMs), by } });
        return (await tx.event.createManyAndReturn({ data: eventRows(cluster, [event]) })).map(storedEvent);
      }),
    async find(cluster, id) {
      const row = await prisma.note.findFirst({ where: { id, clusterSlug: cluster } });
      return row && { id, cluster, madeAtMs: Number(row.madeAtMs), by: row.by, withdrawn: withdrawal(row) };
    },
    async withdrawn(ids) {
      const rows = await prisma.note.findMany({ where: { id: { in: [...ids] }, withdrawnAtMs: { not: null } } });
      return new Map(
        rows.flatMap((row) => {
          const taken = withdrawal(row);
          return taken ? [[row.id, taken] as const] : [];
        }),
      );
    },
    async withdraw(cluster, id, by, atMs) {
      const where = { id, clusterSlug: cluster, withdrawnAtMs: null };
      return (await prisma.note.updateMany({ where, data: { withdrawnAtMs: BigInt(atMs), withdrawnBy: by } })).count > 0;
    },
  };
}

function withdrawal({ withdrawnAtMs, withdrawnBy }: { withdrawnAtMs: bigint | null; withdrawnBy: string | null }): Note["withdrawn"] {
  return withdrawnAtMs === null ? null : { by: withdrawnBy ?? "", atMs: Number(withdrawnAtMs) };
}
