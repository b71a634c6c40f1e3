// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { type Decoded, decode } from "@/agent/protocol/decode";
import { KernelLine } from "@/agent/protocol/model/kernel-log";
import { NodeRole } from "@/agent/protocol/names";
import { type Reading, Readings, SourceName } from "@/agent/protocol/sources";
import type { ClusterFacts, NewEvent, NodeFacts, SourceFacts, StoredEvent } from "@/server/cluster/facts";
import type { HistoryWrites } from "@/server/history/incident-state";
import type { VerifyWrites } from "@/server/verify/run-state";
import { frameCommitter } from "./commit-frames";
import type { Client } from "./connection";
import { upsertFacts } from "./fact-columns";
import { Prisma } from "./generated/client";
import type { AgentModel } from "./generated/models/Agent";
import type { FactModel } from "./generated/models/Fact";

/** How many kernel lines a node's facts carry. */
const LINES_IN_FACTS = 12;

/** What the console knows of one source, to be kept. */
export interface StoredFact {
  source: SourceName;
  facts: SourceFacts;
}

/** What one journalled frame of an agent leaves behind. */
export interface FrameToCommit {
  journalId: string;
  seq: number;
  facts: readonly StoredFact[];
  events: readonly NewEvent[];
  lines: readonly KernelLine[];
  /** What the frame means for verifies under way. Missing: nothing. */
  verifies?: VerifyWrites;
  /** What it means for fencings and the state of services. Missing: nothing. */
  history?: HistoryWrites;
}

export interface FactRecords {
  /**
   * Commits frames of one agent, all or none: facts, events, kernel lines, and how far its journal is committed.
   * A frame that was committed before is ignored whole, so sending it twice changes nothing. Returns the new events.
   */
  commitFrames(agentId: string, frames: readonly FrameToCommit[]): Promise<StoredEvent[]>;
  /** Keeps facts that no journalled frame carries: counters and progress. Of any number of agents at once. */
  saveFacts(facts: readonly (StoredFact & { agentId: string })[]): Promise<void>;
  /**
   * Every cluster with its trusted agents, as last known; nobody is connected. `unread` names facts that this version
   * cannot read (kept by another one): they are unknown until the node sends them again.
   */
  loadFacts(): Promise<{ clusters: ClusterFacts[]; unread: string[] }>;
  /** One trusted agent's node as last committed; null when there is none. */
  loadNode(agentId: string): Promise<NodeFacts | null>;
}

const Times = z.object({
  takenAtMs: z.coerce.number(),
  okAtMs: z.coerce.number().nullable(),
  everyMs: z.number(),
});
const Memory = z.record(z.string(), z.number());

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the row is damaged: it will not fit the schema, which names it
  }
}

/** A kept reading of one source; a sentence when it is not one that this version knows. */
function keptReading<N extends SourceName>(source: N, text: string): Decoded<Reading<N>> {
  const decoded = decode(Readings, { [source]: jsonOf(text) });
  if (!decoded.ok) return decoded;
  const readings: Readings = decoded.value;
  const reading = readings[source];
  return reading ? { ok: true, value: reading } : { ok: false, error: "it holds no reading" };
}

function keptFacts<N extends SourceName>(source: N, row: FactModel): Decoded<SourceFacts<N>> {
  const reading = keptReading(source, row.reading);
  if (!reading.ok) return reading;
  const last = row.lastOk === null ? null : keptReading(source, row.lastOk);
  if (last?.ok === false) return last;
  const times = decode(Times, row);
  if (!times.ok) return times;
  const memory = row.memory === null ? null : decode(Memory, jsonOf(row.memory));
  if (memory?.ok === false) return memory;
  const isOk = reading.value.status === "ok";
  const lastOk = isOk ? reading.value : (last?.value ?? null);
  if (lastOk !== null && lastOk.status !== "ok") return { ok: false, error: "its last good reading is none" };
  return { ok: true, value: { reading: reading.value, lastOk, ...times.value, ...(memory ? { memory: memory.value } : {}) } };
}

function sourcesOf(rows: readonly FactModel[]): { sources: NodeFacts["sources"]; unread: string[] } {
  let sources: NodeFacts["sources"] = {};
  const unread: string[] = [];
  for (const row of rows) {
    const source = decode(SourceName, row.source);
    const kept = source.ok ? keptFacts(source.value, row) : source;
    if (kept.ok) sources = { ...sources, [row.source]: kept.value };
    else unread.push(`${row.source}: ${kept.error}`);
  }
  return { sources, unread };
}

/** One statement: a query per agent, or a parameter per agent, does not carry a thousand of them. */
function newestLines(prisma: Client, agentId?: string): Promise<unknown> {
  const whose = agentId === undefined ? Prisma.empty : Prisma.sql`WHERE "agentId" = ${agentId}`;
  return prisma.$queryRaw`
    SELECT "agentId", "kmsgSeq", "atMs", "priority", "topic", "text" FROM (
      SELECT *, ROW_NUMBER() OVER (PARTITION BY "agentId" ORDER BY "id" DESC) AS "place" FROM "KernelLine" ${whose}
    ) AS "numbered" WHERE "place" <= ${LINES_IN_FACTS} ORDER BY "agentId", "place"`;
}
const StoredLines = z.array(
  z.object({
    agentId: z.string(),
    kmsgSeq: z.coerce.number(),
    atMs: z.coerce.number(),
    priority: z.coerce.number(),
    topic: z.string(),
    text: z.string(),
  }),
);
type StoredLine = z.infer<typeof StoredLines>[number];

function byAgent<Row extends { agentId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const same = found.get(row.agentId);
    if (same) same.push(row);
    else found.set(row.agentId, [row]);
  }
  return found;
}

type Node = { facts: NodeFacts; unread: string[] };
function nodeFactsOf(agent: AgentModel, kept: readonly FactModel[], kernelLines: readonly StoredLine[]): Node {
  const { sources, unread } = sourcesOf(kept);
  const role = NodeRole.safeParse(agent.role);
  const lines = kernelLines.map((line) => decode(KernelLine, line));
  const heard = kept.map(({ takenAtMs }) => Number(takenAtMs));
  const facts: NodeFacts = {
    agentId: agent.id,
    node: agent.node,
    role: role.success ? role.data : "member",
    agentVersion: agent.agentVersion,
    label: agent.label,
    connected: false,
    lastWordAtMs: heard.length > 0 ? Math.max(...heard) : null,
    connectedChangedAtMs: null,
    clockOffsetMs: 0,
    sources,
    kernelLines: lines.flatMap((line) => (line.ok ? [line.value] : [])),
  };
  return { facts, unread: unread.map((what) => `${agent.clusterSlug}/${agent.node} ${what}`) };
}

const isTrusted = { trustEndedAt: null };

export function factRecords(prisma: Client): FactRecords {
  return {
    commitFrames: frameCommitter(prisma),
    saveFacts: (facts) => upsertFacts(prisma, facts),
    async loadFacts() {
      const clusters = new Map<string, ClusterFacts & { nodes: Map<string, NodeFacts> }>();
      for (const cluster of await prisma.cluster.findMany({ orderBy: { slug: "asc" } })) {
        clusters.set(cluster.slug, { ...cluster, nodes: new Map() });
      }
      const facts = byAgent(await prisma.fact.findMany({ where: { agent: isTrusted } }));
      const lines = byAgent(StoredLines.parse(await newestLines(prisma)));
      const unread: string[] = [];
      for (const agent of await prisma.agent.findMany({ where: isTrusted })) {
        const node = nodeFactsOf(agent, facts.get(agent.id) ?? [], lines.get(agent.id) ?? []);
        clusters.get(agent.clusterSlug)?.nodes.set(agent.node, node.facts);
        unread.push(...node.unread);
      }
      return { clusters: [...clusters.values()], unread };
    },
    async loadNode(agentId) {
      const agent = await prisma.agent.findFirst({ where: { id: agentId, ...isTrusted } });
      if (!agent) return null;
      const facts = await prisma.fact.findMany({ where: { agentId } });
      return nodeFactsOf(agent, facts, StoredLines.parse(await newestLines(prisma, agentId))).facts;
    },
  };
}
