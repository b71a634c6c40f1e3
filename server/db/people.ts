// SPDX-License-Identifier: Apache-2.0
import { UserRole } from "@/agent/protocol/console/api";
import type { Client } from "./connection";
import type { SessionModel } from "./generated/models/Session";
import type { UserModel } from "./generated/models/User";

export interface User {
  id: string;
  name: string;
  passwordHash: string;
  role: UserRole;
  createdAtMs: number;
  /** Since when they may not sign in; null while they may. */
  disabledAtMs: number | null;
  lastSignInAtMs: number | null;
}

export interface StoredSession {
  id: string;
  user: User;
  createdAtMs: number;
  expiresAtMs: number;
  lastSeenAtMs: number;
  userAgent: string | null;
  address: string | null;
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

/** What came of a change of a user. "lastAdmin": nobody else would be an admin who may sign in; nothing was changed. */
export type Changed = "done" | "unknown" | "lastAdmin";

export interface PeopleRecords {
  hasAdmin(): Promise<boolean>;
  /** False when the name is taken. */
  addUser(user: User): Promise<boolean>;
  /** Adds the user only while there is no admin at all. False when there is one, or the name is taken. */
  addFirstAdmin(user: User): Promise<boolean>;
  userNamed(name: string): Promise<User | null>;
  userById(id: string): Promise<User | null>;
  listUsers(): Promise<User[]>;
  changeUser(id: string, change: { role?: UserRole; passwordHash?: string; disabledAtMs?: number | null }): Promise<Changed>;
  /** Removes the user with every session and API token. */
  removeUser(id: string): Promise<Changed>;

  /** Adds a session, and notes at its user when they signed in. */
  addSession(session: NewSession): Promise<void>;
  sessionByHash(tokenHash: string): Promise<StoredSession | null>;
  sessionIdsOf(userId: string): Promise<string[]>;
  /** Newest first; of one user, or of everybody. */
  listSessions(userId?: string): Promise<StoredSession[]>;
  touchSession(id: string, lastSeenAtMs: number): Promise<void>;
  removeSessions(ids: readonly string[]): Promise<void>;
  /** Ids of sessions that are over at this time. */
  sessionsOverAt(atMs: number): Promise<string[]>;
}

/** A role this version does not know may read, and nothing else. */
export function roleOf(text: string): UserRole {
  const role = UserRole.safeParse(text);
  return role.success ? role.data : "viewer";
}

const msOf = (at: bigint | null) => (at === null ? null : Number(at));
const atOf = (ms: number | null) => (ms === null ? null : BigInt(ms));

export function userOf({ id, name, passwordHash, role, createdAt, disabledAt, lastSignInAt }: UserModel): User {
  const times = { createdAtMs: Number(createdAt), disabledAtMs: msOf(disabledAt), lastSignInAtMs: msOf(lastSignInAt) };
  return { id, name, passwordHash, role: roleOf(role), ...times };
}

function sessionOf(row: SessionModel & { user: UserModel }): StoredSession {
  const { id, createdAt, expiresAt, lastSeenAt, userAgent, address, user } = row;
  const times = { createdAtMs: Number(createdAt), expiresAtMs: Number(expiresAt), lastSeenAtMs: Number(lastSeenAt) };
  return { id, user: userOf(user), ...times, userAgent, address };
}

const userColumns = ({ id, name, passwordHash, role, createdAtMs, disabledAtMs, lastSignInAtMs }: User) => ({
  id,
  name,
  passwordHash,
  role,
  createdAt: BigInt(createdAtMs),
  disabledAt: atOf(disabledAtMs),
  lastSignInAt: atOf(lastSignInAtMs),
});

export function peopleRecords(prisma: Client): PeopleRecords {
  /** Runs a change of a user unless it would leave the console without an admin who may sign in. */
  const unlessLastAdmin = (id: string, losesAdmin: boolean, change: (tx: Pick<Client, "user">) => Promise<unknown>) =>
    prisma.$transaction(async (tx): Promise<Changed> => {
      const user = await tx.user.findUnique({ where: { id } });
      if (!user) return "unknown";
      const others = await tx.user.count({ where: { role: "admin", disabledAt: null, id: { not: id } } });
      if (losesAdmin && user.role === "admin" && others === 0) return "lastAdmin";
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
    changeUser: (id, { disabledAtMs, ...change }) => {
      const losesAdmin = (change.role !== undefined && change.role !== "admin") || (disabledAtMs !== undefined && disabledAtMs !== null);
      const data = { ...change, ...(disabledAtMs === undefined ? {} : { disabledAt: atOf(disabledAtMs) }) };
      return unlessLastAdmin(id, losesAdmin, (tx) => tx.user.update({ where: { id }, data }));
    },
    removeUser: (id) => unlessLastAdmin(id, true, (tx) => tx.user.delete({ where: { id } })),

    addSession: async ({ id, tokenHash, userId, createdAtMs, expiresAtMs, userAgent, address }) => {
      const at = BigInt(createdAtMs);
      await prisma.$transaction([
        prisma.session.create({
          data: { id, tokenHash, userId, createdAt: at, expiresAt: BigInt(expiresAtMs), lastSeenAt: at, userAgent, address },
        }),
        prisma.user.update({ where: { id: userId }, data: { lastSignInAt: at } }),
      ]);
    },
    sessionByHash: async (tokenHash) => {
      const row = await prisma.session.findUnique({ where: { tokenHash }, include: { user: true } });
      return row && sessionOf(row);
    },
    sessionIdsOf: async (userId) => (await prisma.session.findMany({ where: { userId }, select: { id: true } })).map(({ id }) => id),
    listSessions: async (userId) => {
      const where = userId === undefined ? {} : { userId };
      return (await prisma.session.findMany({ where, include: { user: true }, orderBy: [{ createdAt: "desc" }, { id: "asc" }] })).map(
        sessionOf,
      );
    },
    touchSession: async (id, lastSeenAtMs) => {
      await prisma.session.updateMany({ where: { id }, data: { lastSeenAt: BigInt(lastSeenAtMs) } });
    },
    removeSessions: async (ids) => {
      await prisma.session.deleteMany({ where: { id: { in: [...ids] } } });
    },
    sessionsOverAt: async (atMs) =>
      (await prisma.session.findMany({ where: { expiresAt: { lte: BigInt(atMs) } }, select: { id: true } })).map(({ id }) => id),
  };
}
