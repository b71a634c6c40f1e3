// SPDX-License-Identifier: Apache-2.0
import type { VerifyRange, VerifyRecord } from "@/agent/protocol/console/verify";
import { decodeJson } from "@/agent/protocol/decode";
import type { NewEvent, StoredEvent } from "@/server/cluster/facts";
import { FollowedRun, MAX_LINES, type VerifyWrites } from "@/server/verify/run-state";
import type { Client } from "./connection";
import { eventColumns, storedEvent } from "./events";
import { keepVerifies } from "./verify-rows";

/** Which verifies a list wants. `before`: only those that began before this one in the order of the list. */
export interface VerifyFilter {
  cluster: string;
  mirror: { resource: string; volume: number } | null;
  before: { startedAtMs: number; id: string } | null;
  /** Only those that ended. */
  isEnded?: boolean;
}

export interface VerifyRecords {
  /** Keeps runs with what is to be told of them, all or nothing. Answers the events. */
  save(cluster: string, writes: VerifyWrites, events: readonly NewEvent[]): Promise<StoredEvent[]>;
  /** Runs under way when the console last wrote. `unread` names those that another version kept in a form this one does not read. */
  open(): Promise<{ runs: FollowedRun[]; unread: string[] }>;
  /** The newest first. */
  list(filter: VerifyFilter, limit: number): Promise<FollowedRun[]>;
  /** The newest that ended, at most so many of each two copies, the newest first. */
  latest(perPair: number): Promise<FollowedRun[]>;
  /** When the last clean run of each two copies ended. */
  lastClean(): Promise<{ cluster: string; resource: string; volume: number; pair: string; atMs: number }[]>;
  byId(id: string): Promise<FollowedRun | null>;
  /** Every place that was kept of a run, as logged, in the order of the device. */
  ranges(id: string): Promise<VerifyRange[]>;
  /** Lines of nodes' kernel logs about failed reads since then, as far as they are kept, oldest first. */
  diskLines(cluster: string, nodes: readonly string[], sinceMs: number): Promise<VerifyRecord["lines"]>;
  /** Kernel lines of a run, oldest first. */
  lines(id: string): Promise<VerifyRecord["lines"]>;
}

/** Lines of failed reads that are looked at: more say nothing more. */
const MAX_DISK_LINES = 500;

const OF_PAIR = ["clusterSlug", "resource", "volume", "pair"] as const;

const PATIENCE = { maxWait: 30_000, timeout: 60_000 };

function runsOf(rows: readonly { id: string; body: string }[]): { runs: FollowedRun[]; unread: string[] } {
  const runs: FollowedRun[] = [];
  const unread: string[] = [];
  for (const { id, body } of rows) {
    const run = decodeJson(FollowedRun, body);
    if (run.ok) runs.push(run.value);
    else unread.push(`the verify ${id}`);
  }
  return { runs, unread };
}

export function verifyRecords(prisma: Client): VerifyRecords {
  const body = { id: true, body: true } as const;
  return {
    save: (cluster, writes, events) =>
      prisma.$transaction(async (tx) => {
        await keepVerifies(tx, writes);
        if (events.length === 0) return [];
        const data = events.map((event, part) => ({ ...eventColumns(event), clusterSlug: cluster, part }));
        return (await tx.event.createManyAndReturn({ data })).map(storedEvent);
      }, PATIENCE),
    open: async () => runsOf(await prisma.verify.findMany({ where: { endedAtMs: null }, select: body, orderBy: { startedAtMs: "asc" } })),
    async list({ cluster, mirror, before, isEnded }, limit) {
      const startedAtMs = before === null ? null : BigInt(before.startedAtMs);
      const older =
        startedAtMs === null || before === null ? [] : [{ startedAtMs: { lt: startedAtMs } }, { startedAtMs, id: { lt: before.id } }];
      const rows = await prisma.verify.findMany({
        where: {
          clusterSlug: cluster,
          ...(mirror ?? {}),
          ...(isEnded ? { endedAtMs: { not: null } } : {}),
          ...(older.length > 0 ? { OR: older } : {}),
        },
        select: body,
        orderBy: [{ startedAtMs: "desc" }, { id: "desc" }],
        take: limit,
      });
      return runsOf(rows).runs;
    },
    async latest(perPair) {
      const pairs = await prisma.verify.groupBy({ by: [...OF_PAIR], where: { endedAtMs: { not: null } } });
      const found: FollowedRun[] = [];
      for (const ofPair of pairs) {
        const where = { ...ofPair, endedAtMs: { not: null } };
        const rows = await prisma.verify.findMany({ where, select: body, orderBy: { startedAtMs: "desc" }, take: perPair });
        found.push(...runsOf(rows).runs);
      }
      return found;
    },
    async lastClean() {
      const pairs = await prisma.verify.groupBy({ by: [...OF_PAIR], where: { result: "clean" }, _max: { endedAtMs: true } });
      return pairs.flatMap(({ clusterSlug: cluster, resource, volume, pair, _max: { endedAtMs } }) =>
        endedAtMs === null ? [] : [{ cluster, resource, volume, pair, atMs: Number(endedAtMs) }],
      );
    },
    async byId(id) {
      const row = await prisma.verify.findUnique({ where: { id }, select: body });
      return row ? (runsOf([row]).runs[0] ?? null) : null;
    },
    async ranges(id) {
      const rows = await prisma.verifyBlocks.findMany({ where: { verifyId: id }, orderBy: { startSector: "asc" } });
      return rows.map(({ startSector, sectors }) => ({ startSector: Number(startSector), sectors: Number(sectors) }));
    },
    async diskLines(cluster, nodes, sinceMs) {
      const rows = await prisma.kernelLine.findMany({
        where: {
          agent: { clusterSlug: cluster, node: { in: [...nodes] } },
          atMs: { gte: BigInt(Math.round(sinceMs)) },
          OR: [{ text: { contains: "IO error" } }, { text: { contains: "I/O error" } }, { text: { contains: "medium error" } }],
        },
        select: { atMs: true, text: true, agent: { select: { node: true } } },
        orderBy: { atMs: "asc" },
        take: MAX_DISK_LINES,
      });
      return rows.map(({ atMs, text, agent: { node } }) => ({ node, atMs: Number(atMs), text }));
    },
    async lines(id) {
      const rows = await prisma.verifyLine.findMany({
        where: { verifyId: id },
        orderBy: [{ atMs: "asc" }, { kmsgSeq: "asc" }],
        take: MAX_LINES,
      });
      return rows.map(({ node, atMs, text }) => ({ node, atMs: Number(atMs), text }));
    },
  };
}
