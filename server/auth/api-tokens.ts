// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import type { UserRole } from "@/agent/protocol/console/api";
import type { ApiTokenMade, NewApiToken } from "@/agent/protocol/console/people";
import type { Session } from "@/server/console";
import type { Database } from "@/server/db/open";
import type { User } from "@/server/db/people";
import type { ApiToken } from "@/server/db/tokens";
import { type Refusal, refusal } from "./refusal";
import { includesRole } from "./roles";
import { hashOf, newSecret } from "./secrets";

const DAY_MS = 86_400_000;
/** The last millisecond that a Date can say: for what has no end. */
const NEVER_MS = 8_640_000_000_000_000;
/** When a token was last used is kept to this precision. */
const USED_EVERY_MS = 300_000;

/** What a token's session is called, beside those of browsers. */
export const tokenSessionId = (tokenId: string) => `token:${tokenId}`;

/** A token never says more than its owner may: not when they may not sign in, not when their role is less than its own. */
function isGood({ owner, role, expiresAtMs, revokedAtMs }: ApiToken, nowMs: number): boolean {
  if (revokedAtMs !== null || (expiresAtMs ?? NEVER_MS) <= nowMs) return false;
  return owner.disabledAtMs === null && includesRole(owner.role, role);
}

const maySeeAll = ({ role }: Session) => includesRole(role, "admin");

/** API tokens: `Authorization: Bearer qdt_…`. Each belongs to a user. Only the hash of a token is kept. */
export function createApiTokens(
  { tokens, people }: Pick<Database, "tokens" | "people">,
  tell: (ids: string[]) => void,
  clock: () => number,
) {
  async function revokeAll(found: readonly ApiToken[]): Promise<string[]> {
    const ids = await tokens.revokeTokens(
      found.map(({ id }) => id),
      clock(),
    );
    if (ids.length > 0) tell(ids.map(tokenSessionId));
    return ids;
  }

  async function makeFor(owner: User, { name, role, days }: Omit<NewApiToken, "owner">): Promise<ApiTokenMade> {
    const token = `qdt_${newSecret()}`;
    const createdAtMs = clock();
    const expiresAtMs = days === null ? null : createdAtMs + days * DAY_MS;
    const id = randomUUID();
    await tokens.addToken({ id, name, ownerId: owner.id, role, tokenHash: hashOf(token), createdAtMs, expiresAtMs });
    return { id, token, expiresAtMs };
  }

  return {
    /** One's own, or everybody's for an admin. */
    list: (by: Session) => tokens.listTokens(maySeeAll(by) ? undefined : by.userId),
    /** A token of one's own, or, made by an admin, of another user. */
    async make({ owner: named, ...wanted }: NewApiToken, by: Session): Promise<({ ok: true } & ApiTokenMade) | Refusal> {
      if (by.token !== undefined) {
        return refusal("TOKEN_BY_TOKEN", "An API token makes no other: it would outlive its own end. Sign in for that.");
      }
      const isOther = named !== undefined && named !== by.user;
      if (isOther && !maySeeAll(by)) return refusal("TOKEN_OWNER", "Only an admin makes tokens for somebody else.");
      const owner = await (isOther ? people.userNamed(named) : people.userById(by.userId));
      if (!owner) return refusal("USER_UNKNOWN", "There is no such user to own it.");
      if (owner.disabledAtMs !== null) return refusal("TOKEN_OWNER", `${owner.name} may not sign in, so no token may speak for them.`);
      if (!includesRole(owner.role, wanted.role)) {
        const message = `${owner.name} is ${owner.role}: a token of theirs can be ${owner.role} or less, not ${wanted.role}.`;
        return refusal("TOKEN_ROLE", message);
      }
      return { ok: true, ...(await makeFor(owner, wanted)) };
    },
    /** Revokes one's own token, or anybody's for an admin; a token of less than an admin only itself. What one may not revoke is not there. */
    async revoke(id: string, by: Session): Promise<{ ok: true } | Refusal> {
      const token = await tokens.tokenById(id);
      const isOwn = token && (by.token === undefined ? token.owner.id === by.userId : tokenSessionId(token.id) === by.id);
      const isMine = token && (maySeeAll(by) || isOwn);
      if (isMine && (await revokeAll([token])).length > 0) return { ok: true };
      return refusal("TOKEN_UNKNOWN", "There is no such token that you may revoke, or it was revoked before.");
    },
    /** What a user may not do any more none of their tokens does: `role` is what is left to them, null for nothing. */
    async endAbove(ownerId: string, role: UserRole | null): Promise<void> {
      const own = await tokens.listTokens(ownerId);
      await revokeAll(own.filter((token) => role === null || !includesRole(role, token.role)));
    },
    /** What the sessions of a user's tokens are called. */
    sessionIdsOf: async (ownerId: string) => (await tokens.listTokens(ownerId)).map(({ id }) => tokenSessionId(id)),
    /** Who an Authorization header speaks for; null for nobody. */
    async sessionOf(authorization: string): Promise<Session | null> {
      const text = /^Bearer (qdt_[A-Za-z0-9_-]{43})$/.exec(authorization)?.[1];
      if (text === undefined) return null;
      const token = await tokens.tokenByHash(hashOf(text));
      const nowMs = clock();
      if (!token || !isGood(token, nowMs)) return null;
      const { id, owner, role, name } = token;
      if (nowMs - (token.lastUsedAtMs ?? 0) >= USED_EVERY_MS) await tokens.touchToken(id, nowMs);
      const expiresAtMs = token.expiresAtMs ?? NEVER_MS;
      return { id: tokenSessionId(id), userId: owner.id, user: owner.name, role, expiresAtMs, token: name };
    },
    /** Session ids of tokens whose time ran out after one moment and up to another. */
    async overBetween(afterMs: number, untilMs: number): Promise<string[]> {
      const isOver = (atMs: number | null) => atMs !== null && atMs > afterMs && atMs <= untilMs;
      return (await tokens.listTokens()).filter(({ expiresAtMs }) => isOver(expiresAtMs)).map(({ id }) => tokenSessionId(id));
    },
  };
}
export type ApiTokens = ReturnType<typeof createApiTokens>;
