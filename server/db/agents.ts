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
  /** Who made the enrolment's token, by name; null when that was not kept. */
  enrolledBy: string | null;
  trustEndedAtMs: number | null;
  /** What people call the machine beside its name. */
  label: string | null;
  /** The newest committed frame: its journal and its number there. */
  journalId: string | null;
  ackedSeq: number;
}

export interface AgentRecords {
  agentById(id: string): Promise<Agent | null>;
  listAgents(): Promise<Agent[]>;
  /** The version that the agent last said of itself. */
  setAgentVersion(id: string, agentVersion: string): Promise<void>;
  /** The agent as it is afterwards; null when there is none or its trust had ended before. */
  setLabel(id: string, label: string | null): Promise<Agent | null>;
  /** The agent as it is afterwards; null when there is none or its trust had ended before. */
  endTrust(id: string, atMs: number): Promise<Agent | null>;
}

export function agentOf(row: AgentModel): Agent {
  const role = NodeRole.safeParse(row.role);
  return {
    id: row.id,
    cluster: row.clusterSlug,
    node: row.node,
    role: role.success ? role.data : "member",
    publicKey: row.publicKey,
    agentVersion: row.agentVersion,
    enrolledAtMs: Number(row.enrolledAt),
    enrolledBy: row.enrolledBy,
    trustEndedAtMs: row.trustEndedAt === null ? null : Number(row.trustEndedAt),
    label: row.label,
    journalId: row.journalId,
    ackedSeq: row.ackedSeq,
  };
}

export function agentRecords(prisma: Client): AgentRecords {
  const changeTrusted = async (id: string, data: { label?: string | null; trustEndedAt?: bigint }): Promise<Agent | null> => {
    const [row] = await prisma.agent.updateManyAndReturn({ where: { id, trustEndedAt: null }, data });
    return row ? agentOf(row) : null;
  };
  return {
    agentById: async (id) => {
      const row = await prisma.agent.findUnique({ where: { id } });
      return row && agentOf(row);
    },
    listAgents: async () =>
      (await prisma.agent.findMany({ orderBy: [{ clusterSlug: "asc" }, { node: "asc" }, { enrolledAt: "asc" }] })).map(agentOf),
    setAgentVersion: async (id, agentVersion) => {
      await prisma.agent.updateMany({ where: { id }, data: { agentVersion } });
    },
    setLabel: (id, label) => changeTrusted(id, { label }),
    endTrust: (id, atMs) => changeTrusted(id, { trustEndedAt: BigInt(atMs) }),
  };
}
