// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import type { ApiTokenMade, NewApiToken } from "@/agent/protocol/console/api";
import type { Session } from "@/server/console";
import type { PeopleRecords } from "@/server/db/people";
import { type Refusal, refusal } from "./refusal";
import { hashOf, newSecret } from "./secrets";

const DAY_MS = 86_400_000;
/** The last millisecond that a Date can say: for what has no end. */
const NEVER_MS = 8_640_000_000_000_000;

/** What a token's session is called, beside those of browsers. */
export const tokenSessionId = (tokenId: string) => `token:${tokenId}`;

/** API tokens: `Authorization: Bearer qdt_…`. Only the hash of a token is kept. */
export function createApiTokens(people: PeopleRecords, clock: () => number) {
  return {
    list: () => people.listTokens(),
    async make({ name, role, days }: NewApiToken): Promise<ApiTokenMade> {
      const token = `qdt_${newSecret()}`;
      const createdAtMs = clock();
      const expiresAtMs = days === null ? null : createdAtMs + days * DAY_MS;
      const id = randomUUID();
      await people.addToken({ id, name, role, tokenHash: hashOf(token), createdAtMs, expiresAtMs, revokedAtMs: null });
      return { id, token, expiresAtMs };
    },
    async revoke(id: string): Promise<{ ok: true } | Refusal> {
      if (await people.revokeToken(id, clock())) return { ok: true };
      return refusal("TOKEN_UNKNOWN", "There is no such token, or it was revoked before.");
    },
    /** Who an Authorization header speaks for; null for nobody. */
    async sessionOf(authorization: string): Promise<Session | null> {
      const text = /^Bearer (qdt_[A-Za-z0-9_-]{43})$/.exec(authorization)?.[1];
      if (text === undefined) return null;
      const token = await people.tokenByHash(hashOf(text));
      if (!token || token.revokedAtMs !== null) return null;
      const expiresAtMs = token.expiresAtMs ?? NEVER_MS;
      if (expiresAtMs <= clock()) return null;
      return { id: tokenSessionId(token.id), user: token.name, role: token.role, expiresAtMs };
    },
    /** Session ids of tokens whose time ran out after one moment and up to another. */
    async overBetween(afterMs: number, untilMs: number): Promise<string[]> {
      const tokens = await people.listTokens();
      const isOver = (atMs: number | null) => atMs !== null && atMs > afterMs && atMs <= untilMs;
      return tokens.filter(({ expiresAtMs }) => isOver(expiresAtMs)).map(({ id }) => tokenSessionId(id));
    },
  };
}
