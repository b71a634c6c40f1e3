// SPDX-License-Identifier: Apache-2.0
import type { UserRole } from "@/agent/protocol/console/api";
import type { Client } from "./connection";
import type { ApiTokenModel } from "./generated/models/ApiToken";
import type { UserModel } from "./generated/models/User";
import { roleOf, type User, userOf } from "./people";

export interface ApiToken {
  id: string;
  name: string;
  owner: User;
  role: UserRole;
  createdAtMs: number;
  expiresAtMs: number | null;
  revokedAtMs: number | null;
  lastUsedAtMs: number | null;
}

export interface NewToken {
  id: string;
  name: string;
  ownerId: string;
  role: UserRole;
  tokenHash: string;
  createdAtMs: number;
  expiresAtMs: number | null;
}

/** API tokens. One whose owner is not known is nobody's, and not there. */
export interface TokenRecords {
  addToken(token: NewToken): Promise<void>;
  tokenByHash(tokenHash: string): Promise<ApiToken | null>;
  tokenById(id: string): Promise<ApiToken | null>;
  /** Oldest first; of one owner, or of everybody. */
  listTokens(ownerId?: string): Promise<ApiToken[]>;
  touchToken(id: string, lastUsedAtMs: number): Promise<void>;
  /** Those of them that were not revoked before. */
  revokeTokens(ids: readonly string[], atMs: number): Promise<string[]>;
}

const msOf = (at: bigint | null) => (at === null ? null : Number(at));

function tokenOf(row: ApiTokenModel & { owner: UserModel | null }): ApiToken[] {
  const { id, name, role, owner, createdAt, expiresAt, revokedAt, lastUsedAt } = row;
  if (owner === null) return [];
  const times = { expiresAtMs: msOf(expiresAt), revokedAtMs: msOf(revokedAt), lastUsedAtMs: msOf(lastUsedAt) };
  return [{ id, name, owner: userOf(owner), role: roleOf(role), createdAtMs: Number(createdAt), ...times }];
}

export function tokenRecords(prisma: Client): TokenRecords {
  const include = { owner: true };
  return {
    addToken: async ({ createdAtMs, expiresAtMs, ...token }) => {
      const expiresAt = expiresAtMs === null ? null : BigInt(expiresAtMs);
      await prisma.apiToken.create({ data: { ...token, createdAt: BigInt(createdAtMs), expiresAt } });
    },
    tokenByHash: async (tokenHash) => {
      const row = await prisma.apiToken.findUnique({ where: { tokenHash }, include });
      return (row && tokenOf(row)[0]) ?? null;
    },
    tokenById: async (id) => {
      const row = await prisma.apiToken.findUnique({ where: { id }, include });
      return (row && tokenOf(row)[0]) ?? null;
    },
    listTokens: async (ownerId) => {
      const where = ownerId === undefined ? {} : { ownerId };
      return (await prisma.apiToken.findMany({ where, include, orderBy: [{ createdAt: "asc" }, { id: "asc" }] })).flatMap(tokenOf);
    },
    touchToken: async (id, lastUsedAtMs) => {
      await prisma.apiToken.updateMany({ where: { id }, data: { lastUsedAt: BigInt(lastUsedAtMs) } });
    },
    revokeTokens: async (ids, atMs) => {
      const rows = await prisma.apiToken.updateManyAndReturn({
        where: { id: { in: [...ids] }, revokedAt: null },
        data: { revokedAt: BigInt(atMs) },
      });
      return rows.map(({ id }) => id);
    },
  };
}
