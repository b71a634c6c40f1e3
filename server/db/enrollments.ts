// SPDX-License-Identifier: Apache-2.0
import { NodeRole } from "@/agent/protocol/names";
import { type Agent, agentOf } from "./agents";
import type { Client } from "./connection";

export interface NewEnrollment {
  id: string;
  tokenHash: string;
  cluster: string;
  node: string;
  role: NodeRole;
  expiresAtMs: number;
  /** Who made it, by name; null when nobody is to be named. */
  createdBy: string | null;
}
export type OpenEnrollment = Omit<NewEnrollment, "tokenHash">;

/** What came of an enrolment token: an agent, and those whose place it took; or why not. */
export type Enrolled =
  | { ok: true; agent: Agent; replaced: Agent[] }
  | { ok: false; why: "unknown" | "used" | "expired" }
  | { ok: false; why: "wrongNode"; expected: string };

export interface EnrollmentRecords {
  /** False when there is no such cluster. */
  addEnrollment(enrollment: NewEnrollment): Promise<boolean>;
  /** Those that a node may still bring at this time, the first to expire first. */
  openEnrollments(atMs: number): Promise<OpenEnrollment[]>;
  /** False when there is none, or it was used before. */
  withdrawEnrollment(id: string): Promise<boolean>;
  /**
   * Uses up a token and adds its agent, in one transaction. A node has one trusted agent: an earlier one of the same
   * cluster and node loses its trust. The node keeps its label.
   */
  enroll(tokenHash: string, agent: { id: string; node: string; publicKey: string; agentVersion: string }, atMs: number): Promise<Enrolled>;
}

export function enrollmentRecords(prisma: Client): EnrollmentRecords {
  return {
    addEnrollment: ({ cluster, expiresAtMs, ...enrollment }) =>
      prisma.$transaction(async (tx) => {
        if ((await tx.cluster.count({ where: { slug: cluster } })) === 0) return false;
        await tx.enrollment.create({ data: { ...enrollment, clusterSlug: cluster, expiresAt: BigInt(expiresAtMs) } });
        return true;
      }),
    openEnrollments: async (atMs) => {
      const rows = await prisma.enrollment.findMany({
        where: { usedAt: null, expiresAt: { gt: BigInt(atMs) } },
        orderBy: [{ expiresAt: "asc" }, { id: "asc" }],
      });
      return rows.map(({ id, clusterSlug, node, role, expiresAt, createdBy }) => {
        const known = NodeRole.safeParse(role);
        const place = { id, cluster: clusterSlug, node, role: known.success ? known.data : ("member" as const) };
        return { ...place, expiresAtMs: Number(expiresAt), createdBy };
      });
    },
    withdrawEnrollment: async (id) => (await prisma.enrollment.deleteMany({ where: { id, usedAt: null } })).count > 0,
    enroll: (tokenHash, { id, node, publicKey, agentVersion }, atMs) =>
      prisma.$transaction(async (tx): Promise<Enrolled> => {
        const token = await tx.enrollment.findUnique({ where: { tokenHash } });
        if (!token) return { ok: false, why: "unknown" };
        if (token.usedAt !== null) return { ok: false, why: "used" };
        if (Number(token.expiresAt) <= atMs) return { ok: false, why: "expired" };
        if (token.node !== node) return { ok: false, why: "wrongNode", expected: token.node };
        const at = BigInt(atMs);
        const { clusterSlug, role, createdBy } = token;
        await tx.enrollment.update({ where: { tokenHash }, data: { usedAt: at } });
        const before = await tx.agent.findFirst({ where: { clusterSlug, node }, orderBy: [{ enrolledAt: "desc" }, { id: "asc" }] });
        const replaced = await tx.agent.updateManyAndReturn({
          where: { clusterSlug, node, trustEndedAt: null },
          data: { trustEndedAt: at },
        });
        const names = { label: before?.label ?? null, enrolledBy: createdBy };
        const agent = await tx.agent.create({ data: { id, clusterSlug, node, role, publicKey, agentVersion, enrolledAt: at, ...names } });
        return { ok: true, agent: agentOf(agent), replaced: replaced.map(agentOf) };
      }),
  };
}
