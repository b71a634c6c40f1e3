// SPDX-License-Identifier: Apache-2.0
import { NodeRole } from "@/agent/protocol/names";
import type { Client } from "./connection";
import type { AgentModel } from "./generated/models/Agent";

export interface Agent {
  id: string;
  cluster: string;
  node: string;
  role: NodeRole;
  /** Raw Ed25519 public key, base64. */
  publicKey: string;
  agentVersion: string | null;
  enrolledAtMs: number;
  trustEndedAtMs: number | null;
  /** The newest committed frame: its journal and its number there. */
  journalId: string | null;
  ackedSeq: number;
}

export interface Cluster {
  slug: string;
  title: string;
  environment: string | null;
}

export interface NewEnrollment {
  id: string;
  tokenHash: string;
  cluster: string;
  node: string;
  role: NodeRole;
  expiresAtMs: number;
}

/** What came of an enrolment token: an agent, and those whose place it took; or why not. */
export type Enrolled =
  | { ok: true; agent: Agent; replaced: Agent[] }
  | { ok: false; why: "unknown" | "used" | "expired" }
  | { ok: false; why: "wrongNode"; expected: string };

export interface AgentRecords {
  /** False when the slug is taken. */
  addCluster(cluster: Cluster): Promise<boolean>;
  listClusters(): Promise<Cluster[]>;
  /** False when there is no such cluster. */
  addEnrollment(enrollment: NewEnrollment): Promise<boolean>;
  /**
   * Uses up a token and adds its agent, in one transaction. A node has one trusted agent: an earlier one of the same
   * cluster and node loses its trust.
   */
  enroll(tokenHash: string, agent: { id: string; node: string; publicKey: string; agentVersion: string }, atMs: number): Promise<Enrolled>;
  agentById(id: string): Promise<Agent | null>;
  listAgents(): Promise<Agent[]>;
  /** The version that the agent last said of itself. */
  setAgentVersion(id: string, agentVersion: string): Promise<void>;
  /** The agent as it is afterwards; null when there is none or its trust had ended before. */
  endTrust(id: string, atMs: number): Promise<Agent | null>;
}

function agentOf(row: AgentModel): Agent {
  const role = NodeRole.safeParse(row.role);
  return {
    id: row.id,
    cluster: row.clusterSlug,
    node: row.node,
    role: role.success ? role.data : "member",
    publicKey: row.publicKey,
    agentVersion: row.agentVersion,
    enrolledAtMs: Number(row.enrolledAt),
    trustEndedAtMs: row.trustEndedAt === null ? null : Number(row.trustEndedAt),
    journalId: row.journalId,
    ackedSeq: row.ackedSeq,
  };
}

export function agentRecords(prisma: Client): AgentRecords {
  return {
    addCluster: ({ slug, title, environment }) =>
      prisma.$transaction(async (tx) => {
        if ((await tx.cluster.count({ where: { slug } })) > 0) return false;
        await tx.cluster.create({ data: { slug, title, environment } });
        return true;
      }),
    listClusters: () => prisma.cluster.findMany({ orderBy: { slug: "asc" } }),
    addEnrollment: ({ id, tokenHash, cluster, node, role, expiresAtMs }) =>
      prisma.$transaction(async (tx) => {
        if ((await tx.cluster.count({ where: { slug: cluster } })) === 0) return false;
        await tx.enrollment.create({ data: { id, tokenHash, clusterSlug: cluster, node, role, expiresAt: BigInt(expiresAtMs) } });
        return true;
      }),
    enroll: (tokenHash, { id, node, publicKey, agentVersion }, atMs) =>
      prisma.$transaction(async (tx): Promise<Enrolled> => {
        const token = await tx.enrollment.findUnique({ where: { tokenHash } });
        if (!token) return { ok: false, why: "unknown" };
        if (token.usedAt !== null) return { ok: false, why: "used" };
        if (Number(token.expiresAt) <= atMs) return { ok: false, why: "expired" };
        if (token.node !== node) return { ok: false, why: "wrongNode", expected: token.node };
        const at = BigInt(atMs);
        const { clusterSlug, role } = token;
        await tx.enrollment.update({ where: { tokenHash }, data: { usedAt: at } });
        const replaced = await tx.agent.updateManyAndReturn({
          where: { clusterSlug, node, trustEndedAt: null },
          data: { trustEndedAt: at },
        });
        const agent = await tx.agent.create({ data: { id, clusterSlug, node, role, publicKey, agentVersion, enrolledAt: at } });
        return { ok: true, agent: agentOf(agent), replaced: replaced.map(agentOf) };
      }),
    agentById: async (id) => {
      const row = await prisma.agent.findUnique({ where: { id } });
      return row && agentOf(row);
    },
    listAgents: async () =>
      (await prisma.agent.findMany({ orderBy: [{ clusterSlug: "asc" }, { node: "asc" }, { enrolledAt: "asc" }] })).map(agentOf),
    setAgentVersion: async (id, agentVersion) => {
      await prisma.agent.updateMany({ where: { id }, data: { agentVersion } });
    },
    endTrust: async (id, atMs) => {
      const rows = await prisma.agent.updateManyAndReturn({
        where: { id, trustEndedAt: null },
        data: { trustEndedAt: BigInt(atMs) },
      });
      const row = rows[0];
      return row ? agentOf(row) : null;
    },
  };
}
