// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { decodeJson } from "@/agent/protocol/decode";
import type { Client } from "./connection";
import type { WallKeyModel } from "./generated/models/WallKey";

export interface WallKey {
  id: string;
  name: string;
  /** Slugs; null: all clusters. */
  clusters: string[] | null;
  createdBy: string;
  createdAtMs: number;
  expiresAtMs: number | null;
  revokedAtMs: number | null;
  lastUsedAtMs: number | null;
}

export interface WallKeyRecords {
  add(key: WallKey & { keyHash: string }): Promise<void>;
  byHash(keyHash: string): Promise<WallKey | null>;
  /** Oldest first. */
  list(): Promise<WallKey[]>;
  touch(id: string, atMs: number): Promise<void>;
  /** False where there is no such key, or it was revoked before. */
  revoke(id: string, atMs: number): Promise<boolean>;
}

const msOf = (at: bigint | null) => (at === null ? null : Number(at));
const bigOf = (atMs: number | null) => (atMs === null ? null : BigInt(atMs));

function keyOf({ id, name, clusters, createdBy, createdAt, expiresAt, revokedAt, lastUsedAt }: WallKeyModel): WallKey {
  // A list that cannot be read is not taken for "all": it shows nothing.
  const slugs = clusters === null ? null : decodeJson(z.array(z.string()), clusters);
  return {
    id,
    name,
    clusters: slugs === null ? null : slugs.ok ? slugs.value : [],
    createdBy,
    createdAtMs: Number(createdAt),
    expiresAtMs: msOf(expiresAt),
    revokedAtMs: msOf(revokedAt),
    lastUsedAtMs: msOf(lastUsedAt),
  };
}

export function wallKeyRecords(prisma: Client): WallKeyRecords {
  return {
    async add({ id, name, keyHash, clusters, createdBy, createdAtMs, expiresAtMs, revokedAtMs, lastUsedAtMs }) {
      await prisma.wallKey.create({
        data: {
          id,
          name,
          keyHash,
          clusters: clusters === null ? null : JSON.stringify(clusters),
          createdBy,
          createdAt: BigInt(createdAtMs),
          expiresAt: bigOf(expiresAtMs),
          revokedAt: bigOf(revokedAtMs),
          lastUsedAt: bigOf(lastUsedAtMs),
        },
      });
    },
    async byHash(keyHash) {
      const row = await prisma.wallKey.findUnique({ where: { keyHash } });
      return row && keyOf(row);
    },
    list: async () => (await prisma.wallKey.findMany({ orderBy: [{ createdAt: "asc" }, { id: "asc" }] })).map(keyOf),
    async touch(id, atMs) {
      await prisma.wallKey.updateMany({ where: { id }, data: { lastUsedAt: BigInt(atMs) } });
    },
    async revoke(id, atMs) {
      const { count } = await prisma.wallKey.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: BigInt(atMs) } });
      return count > 0;
    },
  };
}
