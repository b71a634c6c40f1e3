// SPDX-License-Identifier: Apache-2.0
import type { Client } from "./connection";

export interface Cluster {
  slug: string;
  title: string;
  environment: string | null;
}

export interface ClusterRecords {
  /** False when the slug is taken. */
  addCluster(cluster: Cluster): Promise<boolean>;
  listClusters(): Promise<Cluster[]>;
  /** False when there is no such cluster. */
  changeCluster(cluster: Cluster): Promise<boolean>;
  /**
   * Removes a cluster with its history: agents whose trust ended, facts, events, kernel lines, enrolments. Nothing is
   * removed while an agent is trusted: its node's name comes back then.
   */
  removeCluster(slug: string): Promise<{ did: "done" | "unknown" } | { did: "trusted"; nodes: string[] }>;
}

/** A cluster's history may be long. */
const PATIENCE = { maxWait: 30_000, timeout: 120_000 };

export function clusterRecords(prisma: Client): ClusterRecords {
  return {
    addCluster: ({ slug, title, environment }) =>
      prisma.$transaction(async (tx) => {
        if ((await tx.cluster.count({ where: { slug } })) > 0) return false;
        await tx.cluster.create({ data: { slug, title, environment } });
        return true;
      }),
    listClusters: () => prisma.cluster.findMany({ orderBy: { slug: "asc" } }),
    changeCluster: async ({ slug, title, environment }) =>
      (await prisma.cluster.updateMany({ where: { slug }, data: { title, environment } })).count > 0,
    removeCluster: (slug) =>
      prisma.$transaction(async (tx) => {
        if ((await tx.cluster.count({ where: { slug } })) === 0) return { did: "unknown" as const };
        const trusted = await tx.agent.findMany({ where: { clusterSlug: slug, trustEndedAt: null }, orderBy: { node: "asc" } });
        if (trusted.length > 0) return { did: "trusted" as const, nodes: trusted.map(({ node }) => node) };
        const where = { clusterSlug: slug };
        await tx.event.deleteMany({ where });
        await tx.findingSince.deleteMany({ where });
        await tx.enrollment.deleteMany({ where });
        // Blocks and lines go with their verify.
        await tx.verify.deleteMany({ where });
        await tx.incident.deleteMany({ where });
        await tx.serviceSpan.deleteMany({ where });
        await tx.serviceWatch.deleteMany({ where });
        // Facts and kernel lines go with their agents.
        await tx.agent.deleteMany({ where });
        await tx.cluster.delete({ where: { slug } });
        return { did: "done" as const };
      }, PATIENCE),
  };
}
