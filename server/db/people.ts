// SPDX-License-Identifier: Apache-2.0
import { UserRole } from "@/agent/protocol/console/api";
import type { Client } from "./connection";
import type { ApiTokenModel } from "./generated/models/ApiToken";
import type { SessionModel } from "./generated/models/Session";
import type { UserModel } from "./generated/models/User";

export interface User {
  id: string;
  name: string;
  passwordHash: string;
  role: UserRole;
  createdAtMs: number;
}

export interface StoredSession {
  id: string;
  user: User;
  createdAtMs: number;
  expiresAtMs: number;
  lastSeenAtMs: number;
}

export interface NewSession {
  id: string;
  tokenHash: string;
  userId: string;
  createdAtMs: number;
  expiresAtMs: number;
  userAgent: string | null;
  address: string | null;
}

export interface ApiToken {
  id: string;
  name: string;
  role: UserRole;
  createdAtMs: number;
  expiresAtMs: number | null;
  revokedAtMs: number | null;
}

export interface PeopleRecords {
  hasAdmin(): Promise<boolean>;
  /** False when the name is taken. */
  addUser(user: User): Promise<boolean>;
  /** Adds the user only while there is no admin at all. False when there is one, or the name is taken. */
  addFirstAdmin(user: User): Promise<boolean>;
  userNamed(name: string): Promise<User | null>;
  userById(id: string): Promise<User | null>;
  listUsers(): Promise<User[]>;
  /** "lastAdmin" when nobody else would be an admin afterwards: nothing was changed then. */
  changeUser(id: string, change: { role?: UserRole; passwordHash?: string }): Promise<"done" | "unknown" | "lastAdmin">;
  /** Removes the user and every session. */
  removeUser(id: string): Promise<"done" | "unknown" | "lastAdmin">;

  addSession(session: NewSession): Promise<void>;
  sessionByHash(tokenHash: string): Promise<StoredSession | null>;
  sessionIdsOf(userId: string): Promise<string[]>;
  touchSession(id: string, lastSeenAtMs: number): Promise<void>;
  removeSessions(ids: readonly string[]): Promise<void>;
  /** Ids of sessions that are over at this time. */
  sessionsOverAt(atMs: number): Promise<string[]>;

  addToken(token: ApiToken & { tokenHash: string }): Promise<void>;
  tokenByHash(tokenHash: string): Promise<ApiToken | null>;
  listTokens(): Promise<ApiToken[]>;
  /** False when there is no such token, or it was revoked before. */
  revokeToken(id: string, atMs: number): Promise<boolean>;
}

/** A role this version does not know may read, and nothing else. */
function roleOf(text: string): UserRole {
  const role = UserRole.safeParse(text);
  return role.success ? role.data : "viewer";
}

function userOf({ id, name, passwordHash, role, createdAt }: UserModel): User {
  return { id, name, passwordHash, role: roleOf(role), createdAtMs: Number(createdAt) };
}

function sessionOf({ id, createdAt, expiresAt, lastSeenAt, user }: SessionModel & { user: UserModel }): StoredSession {
  return { id, user: userOf(user), createdAtMs: Number(createdAt), expiresAtMs: Number(expiresAt), lastSeenAtMs: Number(lastSeenAt) };
}

function tokenOf({ id, name, role, createdAt, expiresAt, revokedAt }: ApiTokenModel): ApiToken {
  return {
    id,
    name,
    role: roleOf(role),
    createdAtMs: Number(createdAt),
    expiresAtMs: expiresAt === null ? null : Number(expiresAt),
    revokedAtMs: revokedAt === null ? null : Number(revokedAt),
  };
}

const userColumns = ({ id, name, passwordHash, role, createdAtMs }: User) => ({
  id,
  name,
  passwordHash,
  role,
  createdAt: BigInt(createdAtMs),
});

export function peopleRecords(prisma: Client): PeopleRecords {
  /** Runs a change of a user unless it would leave the console without an admin. */
  const unlessLastAdmin = (id: string, losesAdmin: boolean, change: (tx: Pick<Client, "user">) => Promise<unknown>) =>
    prisma.$transaction(async (tx) => {
      const user = await tx.user.findUnique({ where: { id } });
      if (!user) return "unknown";
      const isLast = user.role === "admin" && (await tx.user.count({ where: { role: "admin" } })) === 1;
      if (isLast && losesAdmin) return "lastAdmin";
      await change(tx);
      return "done";
    });

  return {
    hasAdmin: async () => (await prisma.user.count({ where: { role: "admin" } })) > 0,
    addUser: (user) =>
      prisma.$transaction(async (tx) => {
        if ((await tx.user.count({ where: { name: user.name } })) > 0) return false;
        await tx.user.create({ data: userColumns(user) });
        return true;
      }),
    addFirstAdmin: (user) =>
      prisma.$transaction(async (tx) => {
        if ((await tx.user.count({ where: { OR: [{ role: "admin" }, { name: user.name }] } })) > 0) return false;
        await tx.user.create({ data: userColumns(user) });
        return true;
      }),
    userNamed: async (name) => {
      const row = await prisma.user.findUnique({ where: { name } });
      return row && userOf(row);
    },
    userById: async (id) => {
      const row = await prisma.user.findUnique({ where: { id } });
      return row && userOf(row);
    },
    listUsers: async () => (await prisma.user.findMany({ orderBy: { name: "asc" } })).map(userOf),
    changeUser: (id, change) =>
      unlessLastAdmin(id, change.role !== undefined && change.role !== "admin", (tx) => tx.user.update({ where: { id }, data: change })),
    removeUser: (id) => unlessLastAdmin(id, true, (tx) => tx.user.delete({ where: { id } })),

    addSession: async ({ id, tokenHash, userId, createdAtMs, expiresAtMs, userAgent, address }) => {
      const at = BigInt(createdAtMs);
      await prisma.session.create({
        data: { id, tokenHash, userId, createdAt: at, expiresAt: BigInt(expiresAtMs), lastSeenAt: at, userAgent, address },
      });
    },
    sessionByHash: async (tokenHash) => {
      const row = await prisma.session.findUnique({ where: { tokenHash }, include: { user: true } });
      return row && sessionOf(row);
    },
    sessionIdsOf: async (userId) => (await prisma.session.findMany({ where: { userId }, select: { id: true } })).map(({ id }) => id),
    touchSession: async (id, lastSeenAtMs) => {
      await prisma.session.updateMany({ where: { id }, data: { lastSeenAt: BigInt(lastSeenAtMs) } });
    },
    removeSessions: async (ids) => {
      await prisma.session.deleteMany({ where: { id: { in: [...ids] } } });
    },
    sessionsOverAt: async (atMs) =>
      (await prisma.session.findMany({ where: { expiresAt: { lte: BigInt(atMs) } }, select: { id: true } })).map(({ id }) => id),

    addToken: async ({ id, name, tokenHash, role, createdAtMs, expiresAtMs }) => {
      const expiresAt = expiresAtMs === null ? null : BigInt(expiresAtMs);
      await prisma.apiToken.create({ data: { id, name, tokenHash, role, createdAt: BigInt(createdAtMs), expiresAt } });
    },
    tokenByHash: async (tokenHash) => {
      const row = await prisma.apiToken.findUnique({ where: { tokenHash } });
      return row && tokenOf(row);
    },
    listTokens: async () => (await prisma.apiToken.findMany({ orderBy: { createdAt: "asc" } })).map(tokenOf),
    revokeToken: async (id, atMs) =>
      (await prisma.apiToken.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: BigInt(atMs) } })).count > 0,
  };
}
