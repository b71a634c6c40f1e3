// SPDX-License-Identifier: Apache-2.0
import type { DeclaredMaintenance } from "@/server/cluster/maintenance";
import type { Client } from "./connection";

export interface MaintenanceRecords {
  /** All that is declared, by cluster. */
  load(): Promise<Map<string, DeclaredMaintenance[]>>;
  declare(cluster: string, declared: DeclaredMaintenance): Promise<void>;
  end(cluster: string, node: string | null): Promise<void>;
}

export function maintenanceRecords(prisma: Client): MaintenanceRecords {
  return {
    async load() {
      const found = new Map<string, DeclaredMaintenance[]>();
      for (const { clusterSlug, node, owner, note, startedAtMs, endsAtMs } of await prisma.maintenance.findMany()) {
        const one = { node: node || null, owner, note, startedAtMs: Number(startedAtMs), endsAtMs: Number(endsAtMs) };
        found.set(clusterSlug, [...(found.get(clusterSlug) ?? []), one]);
      }
      return found;
    },
    async declare(clusterSlug, { node, owner, note, startedAtMs, endsAtMs }) {
      const words = { owner, note, startedAtMs: BigInt(startedAtMs), endsAtMs: BigInt(endsAtMs) };
      const key = { clusterSlug, node: node ?? "" };
      await prisma.maintenance.upsert({ where: { clusterSlug_node: key }, create: { ...key, ...words }, update: words });
    },
    async end(clusterSlug, node) {
      await prisma.maintenance.deleteMany({ where: { clusterSlug, node: node ?? "" } });
    },
  };
}
