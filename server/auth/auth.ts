// SPDX-License-Identifier: Apache-2.0
import type { Session } from "@/server/console";
import type { Database } from "@/server/db/open";
import { createAgentTrust } from "./agents";
import { createApiTokens } from "./api-tokens";
import { loadConsoleKey } from "./console-key";
import { createLimits, type Limits } from "./limits";
import { type Refusal, refusal } from "./refusal";
import { createSessions } from "./sessions";
import { createSignIn } from "./sign-in";
import { createSignal } from "./signal";
import { createUsers } from "./users";
import { createWallKeys } from "./wall-keys";

/** Who a request speaks for, and how it said so: what a cookie says must come from our own pages, a token says it by itself. */
export interface Identity {
  session: Session;
  by: "cookie" | "token";
}

/** Who may do what: people, API tokens, agents. `clock` is epoch ms. */
export async function createAuth(db: Database, clock: () => number = Date.now, limits: Limits = createLimits()) {
  const key = await loadConsoleKey(db.settings);
  const sessions = createSessions(db.people, clock);
  const tokens = createApiTokens(db, (ids) => sessions.forget(ids, "sessionEnded"), clock);
  const wallsEnded = createSignal<readonly string[]>();
  const walls = createWallKeys(db.wallKeys, wallsEnded.emit, clock);
  const users = createUsers(db.people, sessions, tokens, clock);
  const { needsSetup, newSetupCode, setup, signIn, changeOwnPassword } = createSignIn(db, sessions, limits, clock);
  let sweptAtMs = clock();

  return {
    consoleKey: key,
    /** Sessions that ended or changed their role: their sockets close now. */
    onSessionEnded: sessions.onEnded,
    sessionOf: sessions.sessionOf,
    /** Who a request speaks for; null for nobody. A wrong token is nobody, even beside a good cookie. */
    async identify(headers: { cookie: string | null | undefined; authorization: string | null | undefined }): Promise<Identity | null> {
      const { cookie, authorization } = headers;
      const session = authorization ? await tokens.sessionOf(authorization) : await sessions.sessionOf(cookie);
      return session && { session, by: authorization ? "token" : "cookie" };
    },
    needsSetup,
    newSetupCode,
    setup,
    signIn,
    changeOwnPassword,
    async signOut(session: Session): Promise<{ ok: true } | Refusal> {
      if (session.token !== undefined) return refusal("AUTH_NOT_A_SESSION", "An API token does not sign out; revoke it in the settings.");
      await sessions.end([session.id]);
      return { ok: true };
    },
    users,
    sessions: { list: sessions.list, end: sessions.endOne },
    tokens: { list: tokens.list, make: tokens.make, revoke: tokens.revoke },
    walls,
    /** Wall keys that are over: their screens go dark now. */
    onWallsEnded: wallsEnded.on,
    agents: createAgentTrust(db, key, limits, clock),
    /** Ends the sessions and tokens whose time is up. To be called about once a second. */
    async sweep(): Promise<void> {
      const untilMs = clock();
      await sessions.sweep();
      await walls.endBetween(sweptAtMs, untilMs);
      const over = await tokens.overBetween(sweptAtMs, untilMs);
      sweptAtMs = untilMs;
      if (over.length > 0) sessions.forget(over, "sessionEnded");
    },
  };
}
export type Auth = Awaited<ReturnType<typeof createAuth>>;
