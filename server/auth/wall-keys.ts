// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import type { NewWallKey } from "@/agent/protocol/console/people";
import type { Session } from "@/server/console";
import type { WallKey, WallKeyRecords } from "@/server/db/wall-keys";
import { type Refusal, refusal } from "./refusal";
import { hashOf, newSecret } from "./secrets";

const DAY_MS = 86_400_000;
/** When a key was last used is kept to this precision. */
const USED_EVERY_MS = 300_000;
const KEY = /^qdw_[A-Za-z0-9_-]{43}$/;

const isGood = ({ revokedAtMs, expiresAtMs }: WallKey, nowMs: number) => revokedAtMs === null && (expiresAtMs ?? Infinity) > nowMs;

/**
 * Keys of wall displays, `qdw_…`. A key opens one page and one socket that only hears: it is no session and no token, so no route of
 * the API takes it. Only its hash is kept. `onEnded` is told the ids of keys that are over.
 */
export function createWallKeys(records: WallKeyRecords, onEnded: (ids: readonly string[]) => void, clock: () => number) {
  return {
    list: records.list,
    async make(
      { name, clusters, days }: NewWallKey,
      by: Session,
    ): Promise<{ ok: true; id: string; key: string; expiresAtMs: number | null } | Refusal> {
      if (by.token !== undefined)
        return refusal("TOKEN_BY_TOKEN", "An API token makes no key for a wall: it would outlive its own end. Sign in for that.");
      const key = `qdw_${newSecret()}`;
      const id = randomUUID();
      const createdAtMs = clock();
      const expiresAtMs = days === null ? null : createdAtMs + days * DAY_MS;
      const made = { id, name, clusters, createdBy: by.user, createdAtMs, expiresAtMs, revokedAtMs: null, lastUsedAtMs: null };
      await records.add({ ...made, keyHash: hashOf(key) });
      return { ok: true, id, key, expiresAtMs };
    },
    async revoke(id: string): Promise<{ ok: true } | Refusal> {
      if (!(await records.revoke(id, clock()))) return refusal("WALL_UNKNOWN", "There is no such key, or it was revoked before.");
      onEnded([id]);
      return { ok: true };
    },
    /** The key of this text; null when there is none, it was revoked or its time is over. */
    async keyOf(text: string): Promise<WallKey | null> {
      if (!KEY.test(text)) return null;
      const key = await records.byHash(hashOf(text));
      const nowMs = clock();
      if (key === null || !isGood(key, nowMs)) return null;
      if (nowMs - (key.lastUsedAtMs ?? 0) >= USED_EVERY_MS) await records.touch(key.id, nowMs);
      return key;
    },
    /** Tells of the keys whose time ran out after one moment and up to another. */
    async endBetween(afterMs: number, untilMs: number): Promise<void> {
      const isOver = ({ expiresAtMs }: WallKey) => expiresAtMs !== null && expiresAtMs > afterMs && expiresAtMs <= untilMs;
      const over = (await records.list()).filter(isOver).map(({ id }) => id);
      if (over.length > 0) onEnded(over);
    },
  };
}
