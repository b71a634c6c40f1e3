// SPDX-License-Identifier: Apache-2.0
import type { UserRole } from "@/agent/protocol/console/api";
import type { Database } from "@/server/db/open";
import { temporaryDatabase } from "@/server/db/temporary-database";
import { type Auth, createAuth } from "./auth";
import type { createLimits } from "./limits";
import type { SessionsEnded, SignedIn } from "./sessions";

export const HOUR_MS = 3_600_000;
export const caller = { address: "192.0.2.7", userAgent: "browser" };
export const PASSWORD = "correct horse battery";

export interface TestAuth {
  auth: Auth;
  db: Database;
  /** The console's clock; to be set. */
  nowMs: number;
  /** What was told of sessions that ended. */
  ended: SessionsEnded[];
  /** The console starts (again) on the same database. */
  start(limits?: ReturnType<typeof createLimits>): Promise<void>;
  /** Makes the first admin `anna`. */
  makeAdmin(): Promise<SignedIn>;
  makeUser(user: string, role: UserRole): Promise<{ id: string; session: SignedIn }>;
}

export const cookieOf = ({ token }: SignedIn) => `theme=dark; qd_session=${token}; other=1`;

/** @throws when it was refused */
export async function signedIn(result: Promise<SignedIn | { ok: false; code: string }>): Promise<SignedIn> {
  const answer = await result;
  if (!answer.ok) throw new Error(`refused: ${answer.code}`);
  return answer;
}

type Hook = (run: () => Promise<void>) => void;

/** People and sessions over a real database, new for every test of the file. */
export function testAuth(beforeEach: Hook, afterEach: Hook): TestAuth {
  let auth: Auth | null = null;
  let open: Awaited<ReturnType<typeof temporaryDatabase>> | null = null;
  const there = <T>(value: T | null): T => {
    if (value === null) throw new Error("It is there within a test only.");
    return value;
  };
  const on: TestAuth = {
    get auth() {
      return there(auth);
    },
    get db() {
      return there(open).db;
    },
    nowMs: 0,
    ended: [],
    async start(limits) {
      auth = await createAuth(on.db, () => on.nowMs, limits);
      on.ended = [];
      auth.onSessionEnded((what) => on.ended.push(what));
    },
    async makeAdmin() {
      const code = await on.auth.newSetupCode();
      return signedIn(on.auth.setup({ code: code ?? "", user: "anna", password: PASSWORD }, caller));
    },
    async makeUser(user, role) {
      const made = await on.auth.users.add({ user, password: PASSWORD, role });
      if (!made.ok) throw new Error(`refused: ${made.code}`);
      const id = (await on.auth.users.list()).find(({ name }) => name === user)?.id ?? "";
      return { id, session: await signedIn(on.auth.signIn({ user, password: PASSWORD }, caller)) };
    },
  };
  beforeEach(async () => {
    on.nowMs = 1_795_182_515_980;
    open = await temporaryDatabase();
    await on.start();
  });
  afterEach(async () => {
    await there(open).remove();
  });
  return on;
}
