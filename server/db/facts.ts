// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { decode } from "@/agent/protocol/decode";
import { KernelLine } from "@/agent/protocol/model/kernel-log";
import { NodeRole } from "@/agent/protocol/names";
import { Readings, type SourceName } from "@/agent/protocol/sources";
import type { ClusterFacts, NewEvent, NodeFacts, SourceFacts, StoredEvent } from "@/server/cluster/facts";
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

const times = {
  takenAtMs: z.number(),
  okAtMs: z.number().nullable(),
  everyMs: z.number(),
  memory: z.record(z.string(), z.number()).exactOptional(),
};
const { drbd, bonding, aoe, pacemaker, host, kernelLog } = Readings.shape;
const keptSource = <R extends z.ZodType, L extends z.ZodType>(reading: R, lastOk: L) =>
  z.object({ reading, lastOk: lastOk.nullable(), ...times }).exactOptional();
/** The first member of a reading's union is the one that is ok. */
const KeptSources = z.object({
  drbd: keptSource(drbd.unwrap(), drbd.unwrap().options[0]),
  bonding: keptSource(bonding.unwrap(), bonding.unwrap().options[0]),
  aoe: keptSource(aoe.unwrap(), aoe.unwrap().options[0]),
  pacemaker: keptSource(pacemaker.unwrap(), pacemaker.unwrap().options[0]),
  host: keptSource(host.unwrap(), host.unwrap().options[0]),
  kernelLog: keptSource(kernelLog.unwrap(), kernelLog.unwrap().options[0]),
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the row is damaged: it will not fit the schema, which names it
  }
}

function sourcesOf(rows: readonly FactModel[]): { sources: NodeFacts["sources"]; unread: string[] } {
  let sources: NodeFacts["sources"] = {};
  const unread: string[] = [];
  for (const row of rows) {
    const reading = jsonOf(row.reading);
    const isOk = z.object({ status: z.literal("ok") }).safeParse(reading).success;
    const decoded = decode(KeptSources, {
      [row.source]: {
        reading,
        lastOk: isOk ? reading : row.lastOk === null ? null : jsonOf(row.lastOk),
        takenAtMs: Number(row.takenAtMs),
        okAtMs: row.okAtMs === null ? null : Number(row.okAtMs),
        everyMs: row.everyMs,
        ...(row.memory === null ? {} : { memory: jsonOf(row.memory) }),
      },
    });
    if (decoded.ok) sources = { ...sources, ...decoded.value };
    else unread.push(`${row.source}: ${decoded.error}`);
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
