// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import type { Session } from "@/server/console";
import type { PeopleRecords, StoredSession, User } from "@/server/db/people";
import { tokenOfCookies } from "./cookie";
import { type Refusal, refusal } from "./refusal";
import { includesRole } from "./roles";
import { hashOf, newSecret } from "./secrets";
import { createSignal } from "./signal";

/** A session lasts a shift, however it is used: a dashboard on a desk is looked at, not clicked. */
const SESSION_LASTS_MS = 12 * 3_600_000;
/** A session is looked up in the database this often at most; what ends it also ends this. */
const REMEMBERED_MS = 5_000;
const REMEMBERED_MOST = 10_000;
/** When a session was last used is kept to this precision. */
const SEEN_EVERY_MS = 300_000;

const mayEndAny = ({ role }: Session) => includesRole(role, "admin");

/** Sessions that are over, or whose role changed: their sockets close now. */
export interface SessionsEnded {
  sessionIds: ReadonlySet<string>;
  reason: "sessionEnded" | "roleChanged";
}

export interface SignedIn {
  ok: true;
  session: Session;
  /** The secret of the cookie. */
  token: string;
  lastsMs: number;
}

/** Browsers' sessions. Only the hash of a token is kept. */
export function createSessions(people: PeopleRecords, clock: () => number) {
  const ended = createSignal<SessionsEnded>();
  const remembered = new Map<string, { session: Session; untilMs: number }>();
  // Raised with every end: a lookup that began before it must not be remembered after it.
  let generation = 0;

  function forget(sessionIds: readonly string[], reason: SessionsEnded["reason"]): void {
    generation += 1;
    remembered.clear();
    if (sessionIds.length > 0) ended.emit({ sessionIds: new Set(sessionIds), reason });
  }

  async function lookUp(tokenHash: string): Promise<Session | null> {
    const nowMs = clock();
    const known = remembered.get(tokenHash);
    if (known && known.untilMs > nowMs && known.session.expiresAtMs > nowMs) return known.session;
    const asked = generation;
    const stored = await people.sessionByHash(tokenHash);
    if (!stored || stored.expiresAtMs <= nowMs) return null;
    if (nowMs - stored.lastSeenAtMs >= SEEN_EVERY_MS) await people.touchSession(stored.id, nowMs);
    const { id, user, expiresAtMs } = stored;
    if (user.disabledAtMs !== null) return null;
    const session = { id, userId: user.id, user: user.name, role: user.role, expiresAtMs };
    if (remembered.size >= REMEMBERED_MOST) remembered.clear();
    if (asked === generation) remembered.set(tokenHash, { session, untilMs: nowMs + REMEMBERED_MS });
    return session;
  }

  return {
    onEnded: ended.on,
    async open(user: User, from: { userAgent: string | null; address: string | null }): Promise<SignedIn> {
      const token = newSecret();
      const nowMs = clock();
      const expiresAtMs = nowMs + SESSION_LASTS_MS;
      const session = { id: randomUUID(), userId: user.id, user: user.name, role: user.role, expiresAtMs };
      await people.addSession({
        id: session.id,
        tokenHash: hashOf(token),
        userId: user.id,
        createdAtMs: nowMs,
        expiresAtMs,
        userAgent: from.userAgent?.slice(0, 300) ?? null,
        address: from.address,
      });
      return { ok: true, session, token, lastsMs: SESSION_LASTS_MS };
    },
    /** The session of a Cookie header; null when there is none, it is over or its user is gone. */
    sessionOf(cookieHeader: string | null | undefined): Promise<Session | null> {
      const token = tokenOfCookies(cookieHeader);
      return token === null ? Promise.resolve(null) : lookUp(hashOf(token));
    },
    /** Those in force: one's own, or everybody's for whoever may see them. */
    async list(by: Session): Promise<StoredSession[]> {
      const all = await people.listSessions(mayEndAny(by) ? undefined : by.userId);
      return all.filter(({ expiresAtMs }) => expiresAtMs > clock());
    },
    /** Ends one session: one's own, or anybody's for an admin; a leaked token of less shall not sign its owner out. What one may not end is not there. */
    async endOne(id: string, by: Session): Promise<{ ok: true } | Refusal> {
      const own = await people.listSessions(mayEndAny(by) ? undefined : by.userId);
      const may = mayEndAny(by) || by.token === undefined;
      if (!may || !own.some((session) => session.id === id)) {
        return refusal("SESSION_UNKNOWN", "There is no such session that you may end, or it ended before.");
      }
      await people.removeSessions([id]);
      forget([id], "sessionEnded");
      return { ok: true };
    },
    async end(sessionIds: readonly string[]): Promise<void> {
      await people.removeSessions(sessionIds);
      forget(sessionIds, "sessionEnded");
    },
    /** Tells that sessions are not what they were, without ending them in the database, or after that was done. */
    forget,
    /** Ends what is over by now. To be called by the clock, so that sockets close when their session's time is up. */
    async sweep(): Promise<void> {
      const over = await people.sessionsOverAt(clock());
      if (over.length === 0) return;
      await people.removeSessions(over);
      forget(over, "sessionEnded");
    },
  };
}
export type Sessions = ReturnType<typeof createSessions>;
