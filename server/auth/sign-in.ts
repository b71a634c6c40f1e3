// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import type { Setup, SignIn } from "@/agent/protocol/console/api";
import type { OwnPassword } from "@/agent/protocol/console/people";
import type { Session } from "@/server/console";
import type { Database } from "@/server/db/open";
import { addressKey, type Limits } from "./limits";
import { hashPassword, passwordFits } from "./passwords";
import { type Refusal, refusal } from "./refusal";
import { codeOf, hashOf, newCode, sameHash } from "./secrets";
import type { Sessions, SignedIn } from "./sessions";

/** Where a request came from. */
export interface Caller {
  address: string;
  userAgent: string | null;
}

/** Signing in, and the first admin. */
export function createSignIn(db: Pick<Database, "people" | "settings">, sessions: Sessions, limits: Limits, clock: () => number) {
  // Once there is an admin there always is one: the last cannot be removed.
  let hasAdmin = false;
  const needsSetup = async () => {
    hasAdmin ||= await db.people.hasAdmin();
    return !hasAdmin;
  };

  return {
    /** True until the first admin exists. */
    needsSetup,
    /**
     * A new one-time code for the first admin, to be shown where only the machine's owner looks; null when there is an admin.
     * An earlier code is worth nothing afterwards. Only its hash is kept.
     */
    async newSetupCode(): Promise<string | null> {
      if (!(await needsSetup())) return null;
      const code = newCode();
      await db.settings.set("setupCodeHash", hashOf(codeOf(code)));
      return code;
    },
    /** Makes the first admin and signs in. */
    async setup({ code, user, password }: Setup, caller: Caller): Promise<SignedIn | Refusal> {
      const attempt = await limits.attempt({ setup: addressKey(caller.address) });
      if (!attempt.ok) return attempt;
      const done = refusal("SETUP_DONE", "This console has an admin already. Sign in, or ask that admin for an account.");
      if (!(await needsSetup())) return done;
      const kept = await db.settings.get("setupCodeHash");
      if (kept === null || !sameHash(kept, hashOf(codeOf(code)))) {
        return refusal("SETUP_BAD_CODE", "This is not the code that the console printed when it last started.");
      }
      const admin = {
        id: randomUUID(),
        name: user,
        passwordHash: await hashPassword(password),
        role: "admin" as const,
        createdAtMs: clock(),
        disabledAtMs: null,
        lastSignInAtMs: null,
      };
      if (!(await db.people.addFirstAdmin(admin))) return done;
      hasAdmin = true;
      await db.settings.remove("setupCodeHash");
      await attempt.succeeded();
      return sessions.open(admin, caller);
    },
    async signIn({ user: name, password }: SignIn, caller: Caller): Promise<SignedIn | Refusal> {
      const address = addressKey(caller.address);
      const attempt = await limits.attempt({ address, user: `${name.toLowerCase()} ${address}`, name: name.toLowerCase() });
      if (!attempt.ok) return attempt;
      const user = await db.people.userNamed(name);
      const fits = await passwordFits(user?.passwordHash ?? null, password);
      if (!user || !fits) return refusal("AUTH_BAD_PASSWORD", "The name or the password is wrong.");
      await attempt.succeeded();
      // Said only to who knows the password: to everybody else this name is like any other.
      if (user.disabledAtMs !== null) return refusal("AUTH_DISABLED", `${user.name} may not sign in any more. Ask an admin.`);
      return sessions.open(user, caller);
    },
    /** One's own new password. Ends one's other sessions: whoever had the old one is out. */
    async changeOwnPassword({ current, password }: OwnPassword, session: Session, caller: Caller): Promise<{ ok: true } | Refusal> {
      if (session.token !== undefined) return refusal("AUTH_NOT_A_SESSION", "An API token changes no password: sign in for that.");
      const address = addressKey(caller.address);
      const attempt = await limits.attempt({ address, user: `${session.user} ${address}`, name: session.user });
      if (!attempt.ok) return attempt;
      const user = await db.people.userById(session.userId);
      const fits = await passwordFits(user?.passwordHash ?? null, current);
      // Not 401: the session itself is good.
      if (!user || !fits) return refusal("USER_BAD_PASSWORD", "This is not your password as it is now.");
      await attempt.succeeded();
      await db.people.changeUser(user.id, { passwordHash: await hashPassword(password) });
      await sessions.end((await db.people.sessionIdsOf(user.id)).filter((id) => id !== session.id));
      return { ok: true };
    },
  };
}
