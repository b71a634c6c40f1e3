// SPDX-License-Identifier: Apache-2.0
import type { NewEvent, StoredEvent } from "@/server/cluster/facts";
import type { Client } from "./connection";
import { eventRows, storedEvent } from "./events";

/** How far the timeline has followed the audit chain. */
export interface FollowedRecords {
  /** The last entry that was told; 0: none. */
  auditSeq(): Promise<number>;
  /** Writes what entries tell, and that all up to `seq` are told, together. The answer is by cluster. */
  tell(told: readonly { cluster: string; event: NewEvent }[], seq: number): Promise<Map<string, StoredEvent[]>>;
}

const KEY = "timelineAuditSeq";

export function followedRecords(prisma: Client): FollowedRecords {
  return {
    auditSeq: async () => Number((await prisma.setting.findUnique({ where: { key: KEY } }))?.value ?? 0),
    tell: (told, seq) =>
      prisma.$transaction(async (tx) => {
        const stored = new Map<string, StoredEvent[]>();
        for (const cluster of new Set(told.map((one) => one.cluster))) {
          const events = told.flatMap((one) => (one.cluster === cluster ? [one.event] : []));
          const rows = await tx.event.createManyAndReturn({ data: eventRows(cluster, events) });
          stored.set(cluster, rows.map(storedEvent));
        }
        const value = String(seq);
        await tx.setting.upsert({ where: { key: KEY }, create: { key: KEY, value }, update: { value } });
        return stored;
      }),
  };
}
