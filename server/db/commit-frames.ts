// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import type { StoredEvent } from "@/server/cluster/facts";
import type { VerifyWrites } from "@/server/verify/run-state";
import type { Client } from "./connection";
import { eventColumns } from "./events";
import { upsertFacts } from "./fact-columns";
import type { FrameToCommit } from "./facts";
import { Prisma } from "./generated/client";
import { keepHistory } from "./history-rows";
import { keepVerifies } from "./verify-rows";

/** Older kernel lines of a node than this many are dropped: the node's own log has them. */
const KEPT_LINES = 500;
/** A transaction takes no further request once it holds this many frames. */
const FRAMES_PER_COMMIT = 256;
/** SQLite takes 32,766 values in one statement. Source: https://www.sqlite.org/limits.html#max_variable_number */
const EVENTS_PER_STATEMENT = 2_000;
/** A commit waits for the disk, and on a slow one that is slow, not wrong. */
const PATIENCE = { maxWait: 30_000, timeout: 60_000 };

type Transaction = Parameters<Parameters<Client["$transaction"]>[0]>[0];

interface Request {
  agentId: string;
  frames: readonly FrameToCommit[];
}
interface Waiting extends Request {
  resolve: (events: StoredEvent[]) => void;
  reject: (reason: unknown) => void;
}
interface Due {
  agentId: string;
  cluster: string;
  frame: FrameToCommit;
}

const nameOf = (agentId: string, journalId: string | null, seq: number | null) => `${agentId} ${journalId} ${seq}`;

/**
 * Frames that were committed before under a journal that is not the newest of its agent: one that was put aside and came
 * back. What such a frame left is found by its events.
 */
async function committedElsewhere(tx: Transaction, suspects: readonly Due[]): Promise<Set<string>> {
  const ranges = new Map<string, { agentId: string; journalId: string; from: number; to: number }>();
  for (const { agentId, frame } of suspects) {
    const { journalId, seq } = frame;
    const name = `${agentId} ${journalId}`;
    const range = ranges.get(name) ?? { agentId, journalId, from: seq, to: seq };
    ranges.set(name, { ...range, from: Math.min(range.from, seq), to: Math.max(range.to, seq) });
  }
  const found = new Set<string>();
  for (const { agentId, journalId, from, to } of ranges.values()) {
    const where = { agentId, journalId, seq: { gte: from, lte: to }, part: 0 };
    for (const { seq } of await tx.event.findMany({ where, select: { seq: true } })) found.add(nameOf(agentId, journalId, seq));
  }
  return found;
}

const AgentPlace = z.array(
  z.object({ id: z.string(), clusterSlug: z.string(), journalId: z.string().nullable(), ackedSeq: z.coerce.number() }),
);

/** The frames that are not committed yet. An agent sends its journal in order, so what lies before its ack is done. */
async function dueOf(tx: Transaction, requests: readonly Request[]): Promise<Due[]> {
  const ids = [...new Set(requests.map(({ agentId }) => agentId))];
  const places = AgentPlace.parse(
    await tx.$queryRaw`SELECT "id", "clusterSlug", "journalId", "ackedSeq" FROM "Agent" WHERE "id" IN (${Prisma.join(ids)})`,
  );
  const agents = new Map(places.map((agent) => [agent.id, agent]));
  const asked = requests.flatMap(({ agentId, frames }) => {
    const agent = agents.get(agentId);
    if (!agent) throw new Error(`No agent ${agentId}: its frames cannot be kept.`);
    return frames.map((frame) => ({ agentId, cluster: agent.clusterSlug, frame }));
  });
  const isOfNewestJournal = ({ agentId, frame }: Due) => agents.get(agentId)?.journalId === frame.journalId;
  const elsewhere = await committedElsewhere(
    tx,
    asked.filter((due) => !isOfNewestJournal(due)),
  );
  const seen = new Set<string>();
  return asked.filter((due) => {
    const { agentId, frame } = due;
    const name = nameOf(agentId, frame.journalId, frame.seq);
    const isAcked = isOfNewestJournal(due) && frame.seq <= (agents.get(agentId)?.ackedSeq ?? 0);
    if (isAcked || elsewhere.has(name) || seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}

async function keepAcks(tx: Transaction, due: readonly Due[]): Promise<void> {
  const last = new Map(due.map(({ agentId, frame }) => [agentId, frame]));
  const rows = [...last].map(([agentId, { journalId, seq }]) => Prisma.sql`(${agentId}, ${journalId}, ${seq})`);
  await tx.$executeRaw`
    UPDATE "Agent" SET "journalId" = "new"."column2", "ackedSeq" = "new"."column3"
    FROM (VALUES ${Prisma.join(rows)}) AS "new" WHERE "Agent"."id" = "new"."column1"`;
}

async function keepLines(tx: Transaction, due: readonly Due[]): Promise<void> {
  const data = due.flatMap(({ agentId, frame }) =>
    frame.lines.map((line) => ({ ...line, agentId, kmsgSeq: BigInt(line.kmsgSeq), atMs: BigInt(line.atMs) })),
  );
  if (data.length === 0) return;
  await tx.kernelLine.createMany({ data });
  for (const agentId of new Set(data.map((line) => line.agentId))) {
    await tx.$executeRaw`
      DELETE FROM "KernelLine" WHERE "agentId" = ${agentId} AND "id" <= (
        SELECT "id" FROM "KernelLine" WHERE "agentId" = ${agentId} ORDER BY "id" DESC LIMIT 1 OFFSET ${KEPT_LINES})`;
  }
}

function verifiesOf(due: readonly Due[]): VerifyWrites {
  const writes = due.flatMap(({ frame }) => frame.verifies ?? []);
  return {
    runs: writes.flatMap(({ runs }) => runs),
    ranges: writes.flatMap(({ ranges }) => ranges),
    lines: writes.flatMap(({ lines }) => lines),
  };
}

const EventPlace = z.array(
  z.object({ id: z.coerce.number(), agentId: z.string(), journalId: z.string(), seq: z.coerce.number(), part: z.coerce.number() }),
);

/** Inserts the events of frames; the answer has them by frame, in their order. */
async function keepEvents(tx: Transaction, due: readonly Due[]): Promise<Map<string, StoredEvent[]>> {
  const byFrame = new Map<string, StoredEvent[]>();
  const rows = due.flatMap(({ agentId, cluster, frame: { journalId, seq, events } }) =>
    events.map((event, part) => ({ agentId, cluster, journalId, seq, part, event })),
  );
  const ids = new Map<string, number>();
  for (let from = 0; from < rows.length; from += EVENTS_PER_STATEMENT) {
    const values = rows.slice(from, from + EVENTS_PER_STATEMENT).map(({ agentId, cluster, journalId, seq, part, event }) => {
      const { atMs, node, source, subject, text, level, by, what, why, ref, payload } = eventColumns(event);
      return Prisma.sql`(${cluster}, ${agentId}, ${journalId}, ${seq}, ${part}, ${atMs}, ${node}, ${source}, ${subject}, ${text}, ${level}, ${by}, ${what}, ${why}, ${ref}, ${payload})`;
    });
    const places = await tx.$queryRaw`
      INSERT INTO "Event" ("clusterSlug", "agentId", "journalId", "seq", "part", "atMs", "node", "source", "subject", "text", "level", "by", "what", "why", "ref", "payload")
      VALUES ${Prisma.join(values)} RETURNING "id", "agentId", "journalId", "seq", "part"`;
    // The order of returned rows is not promised, so each is known by its frame and part.
    for (const { id, agentId, journalId, seq, part } of EventPlace.parse(places)) ids.set(`${nameOf(agentId, journalId, seq)} ${part}`, id);
  }
  for (const { agentId, journalId, seq, part, event } of rows) {
    const name = nameOf(agentId, journalId, seq);
    const id = ids.get(`${name} ${part}`);
    if (id === undefined) throw new Error(`The database did not number event ${part} of frame ${seq} from agent ${agentId}.`);
    byFrame.set(name, [...(byFrame.get(name) ?? []), { ...event, id }]);
  }
  return byFrame;
}

/** Commits requests together; the answer has each one's new events, in the order of the requests. */
async function commit(prisma: Client, requests: readonly Request[]): Promise<StoredEvent[][]> {
  return prisma.$transaction(async (tx) => {
    const due = await dueOf(tx, requests);
    if (due.length === 0) return requests.map(() => []);
    await keepAcks(tx, due);
    await upsertFacts(
      tx,
      due.flatMap(({ agentId, frame }) => frame.facts.map((fact) => ({ ...fact, agentId }))),
    );
    await keepLines(tx, due);
    await keepVerifies(tx, verifiesOf(due));
    await keepHistory(
      tx,
      due.flatMap(({ cluster, frame: { history } }) => (history ? [{ cluster, writes: history }] : [])),
    );
    const byFrame = await keepEvents(tx, due);
    return requests.map(({ agentId, frames }) =>
      frames.flatMap(({ journalId, seq }) => {
        const name = nameOf(agentId, journalId, seq);
        const events = byFrame.get(name) ?? [];
        // A frame that came twice is answered once.
        byFrame.delete(name);
        return events;
      }),
    );
  }, PATIENCE);
}

/**
 * Commits frames, many agents' in one transaction: requests that arrive in the same turn of the event loop, or while a
 * commit runs, are committed together. A thousand agents then cost a few commits a second, not a thousand.
 */
export function frameCommitter(prisma: Client): (agentId: string, frames: readonly FrameToCommit[]) => Promise<StoredEvent[]> {
  const waiting: Waiting[] = [];
  let isRunning = false;

  function takeGroup(): Waiting[] {
    let frames = 0;
    const count = waiting.findIndex((request) => {
      frames += request.frames.length;
      return frames > FRAMES_PER_COMMIT;
    });
    return waiting.splice(0, count === -1 ? waiting.length : Math.max(1, count));
  }

  async function commitGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const answers = await commit(prisma, group);
      for (const [index, request] of group.entries()) request.resolve(answers[index] ?? []);
    } catch (error) {
      // One bad request must not take the others with it.
      if (group.length > 1) for (const request of group) await commitGroup([request]);
      else for (const request of group) request.reject(error);
    }
  }

  async function run(): Promise<void> {
    isRunning = true;
    while (waiting.length > 0) {
      // The driver works without leaving the event loop's turn: without this one, sockets would be read between two commits
      // only by chance, every request would be alone in its commit, and finished statements would never be freed.
      await new Promise(setImmediate);
      await commitGroup(takeGroup());
    }
    isRunning = false;
  }

  return (agentId, frames) =>
    new Promise((resolve, reject) => {
      if (frames.length === 0) return resolve([]);
      waiting.push({ agentId, frames, resolve, reject });
      if (!isRunning) void run();
    });
}
