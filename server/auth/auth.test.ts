// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryDatabase } from "@/server/db/temporary-database";
import { type Auth, createAuth } from "./auth";
import { createLimits } from "./limits";
import type { SessionsEnded, SignedIn } from "./sessions";

const HOUR_MS = 3_600_000;
const caller = { address: "192.0.2.7", userAgent: "browser" };
const PASSWORD = "correct horse battery";

let open: Awaited<ReturnType<typeof temporaryDatabase>>;
let auth: Auth;
let nowMs = 0;
let ended: SessionsEnded[] = [];

async function start(): Promise<void> {
  auth = await createAuth(open.db, () => nowMs);
  ended = [];
  auth.onSessionEnded((what) => ended.push(what));
}
beforeEach(async () => {
  nowMs = 1_795_182_515_980;
  open = await temporaryDatabase();
  await start();
});
afterEach(() => open.remove());

const cookieOf = ({ token }: SignedIn) => `theme=dark; qd_session=${token}; other=1`;

async function signedIn(result: Promise<SignedIn | { ok: false; code: string }>): Promise<SignedIn> {
  const answer = await result;
  if (!answer.ok) throw new Error(`refused: ${answer.code}`);
  return answer;
}
async function makeAdmin(): Promise<SignedIn> {
  const code = await auth.newSetupCode();
  return signedIn(auth.setup({ code: code ?? "", user: "anna", password: PASSWORD }, caller));
}
async function makeUser(user: string, role: "viewer" | "operator" | "admin"): Promise<{ id: string; session: SignedIn }> {
  expect(await auth.users.add({ user, password: PASSWORD, role })).toEqual({ ok: true });
  const id = (await auth.users.list()).find(({ name }) => name === user)?.id ?? "";
  return { id, session: await signedIn(auth.signIn({ user, password: PASSWORD }, caller)) };
}

describe("the first admin", () => {
  it("is made with the code, however it is typed, and is signed in", async () => {
    expect(await auth.needsSetup()).toBe(true);
    const code = (await auth.newSetupCode()) ?? "";
    expect(code).toMatch(/^([A-Z2-9]{5}-){3}[A-Z2-9]{5}$/);
    const typed = ` ${code.toLowerCase().replaceAll("-", " ")} `;
    const answer = await signedIn(auth.setup({ code: typed, user: "anna", password: PASSWORD }, caller));
    expect(await auth.sessionOf(cookieOf(answer))).toEqual(answer.session);
    expect(answer.session).toMatchObject({ user: "anna", role: "admin" });
    expect(await auth.needsSetup()).toBe(false);
  });

  it("is refused with a wrong code, without a code, and with the code of an earlier start", async () => {
    const setup = (code: string) => auth.setup({ code, user: "anna", password: PASSWORD }, caller);
    expect(await setup("")).toMatchObject({ ok: false, code: "SETUP_BAD_CODE" });
    const earlier = (await auth.newSetupCode()) ?? "";
    await auth.newSetupCode();
    expect(await setup("")).toMatchObject({ code: "SETUP_BAD_CODE" });
    expect(await setup(earlier)).toMatchObject({ code: "SETUP_BAD_CODE" });
    expect(await auth.needsSetup()).toBe(true);
  });

  it("is made once: afterwards the code is worth nothing and no new one is given", async () => {
    const code = (await auth.newSetupCode()) ?? "";
    const both = await Promise.all(["anna", "mallory"].map((user) => auth.setup({ code, user, password: PASSWORD }, caller)));
    expect(both.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(await auth.setup({ code, user: "eve", password: PASSWORD }, caller)).toMatchObject({ code: "SETUP_DONE" });
    expect(await auth.newSetupCode()).toBeNull();
    await start();
    expect(await auth.newSetupCode()).toBeNull();
    expect(await auth.users.list()).toHaveLength(1);
  });

  it("has its code kept as a hash only", async () => {
    const code = (await auth.newSetupCode()) ?? "";
    expect(await open.db.settings.get("setupCodeHash")).toMatch(/^[0-9a-f]{64}$/);
    expect(await open.db.settings.get("setupCodeHash")).not.toContain(code);
  });

  it("has its code guarded against guessing", async () => {
    await auth.newSetupCode();
    const tries = Array.from({ length: 11 }, () => auth.setup({ code: "x", user: "anna", password: PASSWORD }, caller));
    expect((await Promise.all(tries)).map((answer) => (answer.ok ? "" : answer.code)).at(-1)).toBe("AUTH_TOO_MANY");
  });
});

describe("signing in", () => {
  it("answers a wrong name and a wrong password alike", async () => {
    await makeAdmin();
    const wrongName = await auth.signIn({ user: "nobody", password: PASSWORD }, caller);
    const wrongPassword = await auth.signIn({ user: "anna", password: "wrong" }, caller);
    expect(wrongName).toEqual(wrongPassword);
    expect(wrongName).toMatchObject({ ok: false, code: "AUTH_BAD_PASSWORD" });
  });

  it("keeps passwords as argon2id and tokens as hashes", async () => {
    const { token } = await makeAdmin();
    expect((await open.db.people.userNamed("anna"))?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await open.db.people.sessionByHash(token)).toBeNull();
  });

  it("a stranger's wrong guesses do not lock a name out for its owner at another address", async () => {
    await makeAdmin();
    const stranger = { address: "198.51.100.7", userAgent: null };
    for (let i = 0; i < 10; i++) await auth.signIn({ user: "anna", password: "wrong" }, stranger);
    expect(await auth.signIn({ user: "anna", password: "wrong" }, stranger)).toMatchObject({ code: "AUTH_TOO_MANY" });
    expect(await auth.signIn({ user: "anna", password: PASSWORD }, caller)).toMatchObject({ ok: true });
  });

  it("stops after too many failures for one name, from whatever address, even with the right password, and says when to go on", async () => {
    await makeAdmin();
    auth = await createAuth(open.db, () => nowMs, createLimits({ name: 10 }));
    for (let i = 0; i < 10; i++) {
      const from = { address: `198.51.100.${i}`, userAgent: null };
      expect(await auth.signIn({ user: "anna", password: "wrong" }, from)).toMatchObject({ code: "AUTH_BAD_PASSWORD" });
    }
    const answer = await auth.signIn({ user: "anna", password: PASSWORD }, caller);
    expect(answer).toMatchObject({ ok: false, code: "AUTH_TOO_MANY", retryAfterMs: expect.any(Number) });
  });

  it("stops after too many failures from one address, over whatever names, and not for other addresses", async () => {
    await makeAdmin();
    auth = await createAuth(open.db, () => nowMs, createLimits({ address: 3, user: 100, setup: 100, enroll: 100 }));
    for (let i = 0; i < 3; i++) await auth.signIn({ user: `guess${i}`, password: "wrong" }, caller);
    expect(await auth.signIn({ user: "anna", password: PASSWORD }, caller)).toMatchObject({ code: "AUTH_TOO_MANY" });
    const elsewhere = { address: "198.51.100.1", userAgent: null };
    expect(await auth.signIn({ user: "anna", password: PASSWORD }, elsewhere)).toMatchObject({ ok: true });
  });

  it("does not count successes", async () => {
    await makeAdmin();
    auth = await createAuth(open.db, () => nowMs, createLimits({ address: 2, user: 2, setup: 2, enroll: 2 }));
    for (let i = 0; i < 5; i++) expect(await auth.signIn({ user: "anna", password: PASSWORD }, caller)).toMatchObject({ ok: true });
  });
});

describe("a session", () => {
  it("is nobody's without a cookie, with another's token or with nonsense", async () => {
    await makeAdmin();
    for (const header of [null, undefined, "", "qd_session=", "qd_session=nonsense", "xqd_session=a", "; ;=;"]) {
      expect(await auth.sessionOf(header)).toBeNull();
    }
  });

  it("survives a restart of the console", async () => {
    const admin = await makeAdmin();
    await start();
    expect(await auth.sessionOf(cookieOf(admin))).toEqual(admin.session);
  });

  it("is over after twelve hours, to the millisecond, used or not, and the clock's sweep says so", async () => {
    const admin = await makeAdmin();
    nowMs += 12 * HOUR_MS - 1;
    expect(await auth.sessionOf(cookieOf(admin))).not.toBeNull();
    await auth.sweep();
    expect(ended).toEqual([]);
    nowMs += 1;
    expect(await auth.sessionOf(cookieOf(admin))).toBeNull();
    await auth.sweep();
    expect(ended).toEqual([{ sessionIds: new Set([admin.session.id]), reason: "sessionEnded" }]);
    await auth.sweep();
    expect(ended).toHaveLength(1);
  });

  it("ends with signing out, at once and alone", async () => {
    const first = await makeAdmin();
    const second = await signedIn(auth.signIn({ user: "anna", password: PASSWORD }, caller));
    expect(await auth.sessionOf(cookieOf(first))).not.toBeNull();
    await auth.signOut(first.session);
    expect(await auth.sessionOf(cookieOf(first))).toBeNull();
    expect(await auth.sessionOf(cookieOf(second))).not.toBeNull();
    expect(ended).toEqual([{ sessionIds: new Set([first.session.id]), reason: "sessionEnded" }]);
  });

  it("is not remembered by a lookup that was under way when it ended", async () => {
    const admin = await makeAdmin();
    const lookup = auth.sessionOf(cookieOf(admin));
    await auth.signOut(admin.session);
    await lookup;
    expect(await auth.sessionOf(cookieOf(admin))).toBeNull();
  });

  it("has a new role at once when its user gets one, and its sockets are told", async () => {
    await makeAdmin();
    const { id, session } = await makeUser("otto", "operator");
    expect(await auth.sessionOf(cookieOf(session))).toMatchObject({ role: "operator" });
    expect(await auth.users.change(id, { role: "viewer" })).toEqual({ ok: true });
    expect(await auth.sessionOf(cookieOf(session))).toMatchObject({ role: "viewer" });
    expect(ended).toEqual([{ sessionIds: new Set([session.session.id]), reason: "roleChanged" }]);
  });

  it("ends when its user gets another password, and the old password ends with it", async () => {
    await makeAdmin();
    const { id, session } = await makeUser("otto", "viewer");
    await auth.users.change(id, { password: "another long password" });
    expect(await auth.sessionOf(cookieOf(session))).toBeNull();
    expect(ended).toEqual([{ sessionIds: new Set([session.session.id]), reason: "sessionEnded" }]);
    expect(await auth.signIn({ user: "otto", password: PASSWORD }, caller)).toMatchObject({ code: "AUTH_BAD_PASSWORD" });
    expect(await auth.signIn({ user: "otto", password: "another long password" }, caller)).toMatchObject({ ok: true });
  });

  it("ends when its user is removed", async () => {
    await makeAdmin();
    const { id, session } = await makeUser("otto", "viewer");
    expect(await auth.users.remove(id)).toEqual({ ok: true });
    expect(await auth.sessionOf(cookieOf(session))).toBeNull();
    expect(ended).toEqual([{ sessionIds: new Set([session.session.id]), reason: "sessionEnded" }]);
  });
});

describe("users", () => {
  it("always leave one admin, whether removed or made something less", async () => {
    await makeAdmin();
    const anna = (await auth.users.list())[0]?.id ?? "";
    expect(await auth.users.remove(anna)).toMatchObject({ code: "USER_LAST_ADMIN" });
    expect(await auth.users.change(anna, { role: "operator" })).toMatchObject({ code: "USER_LAST_ADMIN" });
    await makeUser("otto", "admin");
    expect(await auth.users.change(anna, { role: "operator" })).toEqual({ ok: true });
  });

  it("have names of their own", async () => {
    await makeAdmin();
    expect(await auth.users.add({ user: "anna", password: PASSWORD, role: "viewer" })).toMatchObject({ code: "USER_NAME_TAKEN" });
    expect(await auth.users.remove("nobody")).toMatchObject({ code: "USER_UNKNOWN" });
    expect(await auth.users.change("nobody", { role: "viewer" })).toMatchObject({ code: "USER_UNKNOWN" });
  });
});

describe("an API token", () => {
  const identify = (authorization: string, cookie: string | null = null) => auth.identify({ authorization, cookie });
  async function make(by: SignedIn, role: "viewer" | "operator" | "admin", more: { days?: number; owner?: string } = {}) {
    const made = await auth.tokens.make(
      { name: "ci", role, days: more.days ?? null, ...(more.owner ? { owner: more.owner } : {}) },
      by.session,
    );
    if (!made.ok) throw new Error(made.code);
    return made;
  }
  const isGood = async ({ token }: { token: string }) => (await identify(`Bearer ${token}`)) !== null;
  const toldOf = () => ended.flatMap(({ sessionIds }) => [...sessionIds]);

  it("speaks for its owner with its role until its time is up, and the sweep tells its sockets once", async () => {
    const admin = await makeAdmin();
    const made = await make(admin, "operator", { days: 1 });
    expect(made.token).toMatch(/^qdt_[A-Za-z0-9_-]{43}$/);
    const { userId } = admin.session;
    expect(await identify(`Bearer ${made.token}`)).toEqual({
      by: "token",
      session: { id: `token:${made.id}`, userId, user: "anna", role: "operator", expiresAtMs: nowMs + 24 * HOUR_MS, token: "ci" },
    });
    nowMs += 24 * HOUR_MS;
    expect(await isGood(made)).toBe(false);
    ended = [];
    await auth.sweep();
    await auth.sweep();
    expect(toldOf().filter((id) => id.startsWith("token:"))).toEqual([`token:${made.id}`]);
  });

  it("is worth nothing once revoked, and its sockets are told", async () => {
    const admin = await makeAdmin();
    const made = await make(admin, "viewer");
    expect(await auth.tokens.revoke(made.id, admin.session)).toEqual({ ok: true });
    expect(await isGood(made)).toBe(false);
    expect(ended).toEqual([{ sessionIds: new Set([`token:${made.id}`]), reason: "sessionEnded" }]);
    expect(await auth.tokens.revoke(made.id, admin.session)).toMatchObject({ code: "TOKEN_UNKNOWN" });
    expect(await auth.tokens.list(admin.session)).toEqual([expect.objectContaining({ id: made.id, revokedAtMs: nowMs })]);
  });

  it("is never a cookie's, nor the other way round, and a wrong one is nobody even beside a good cookie", async () => {
    const admin = await makeAdmin();
    const made = await make(admin, "viewer");
    expect(await auth.sessionOf(`qd_session=${made.token}`)).toBeNull();
    expect(await identify(`Bearer ${admin.token}`)).toBeNull();
    expect(await identify("Bearer qdt_wrong", cookieOf(admin))).toBeNull();
    expect(await identify("", cookieOf(admin))).toMatchObject({ by: "cookie" });
  });

  it("ends with its owner: removed, or not to sign in any more, also when they may again", async () => {
    await makeAdmin();
    const otto = await makeUser("otto", "admin");
    const vera = await makeUser("vera", "viewer");
    const [ottos, veras] = [await make(otto.session, "admin"), await make(vera.session, "viewer")];
    await auth.users.remove(otto.id);
    expect(await isGood(ottos)).toBe(false);
    expect(toldOf()).toContain(`token:${ottos.id}`);
    await auth.users.change(vera.id, { disabled: true });
    expect(toldOf()).toContain(`token:${veras.id}`);
    await auth.users.change(vera.id, { disabled: false });
    expect(await isGood(veras)).toBe(false);
  });

  it("ends with its owner's role, while those that say no more stay", async () => {
    await makeAdmin();
    const { id, session } = await makeUser("otto", "admin");
    const [high, low] = [await make(session, "admin"), await make(session, "viewer")];
    await auth.users.change(id, { role: "operator" });
    expect(await isGood(high)).toBe(false);
    expect(toldOf()).toContain(`token:${high.id}`);
    await auth.users.change(id, { role: "admin" });
    expect(await isGood(high)).toBe(false);
    expect(await isGood(low)).toBe(true);
  });

  it("says no more than its owner may, and is made for others by an admin only", async () => {
    const admin = await makeAdmin();
    const { session } = (await makeUser("otto", "operator")).session;
    const wanted = { name: "ci", days: null };
    expect(await auth.tokens.make({ ...wanted, role: "admin" }, session)).toMatchObject({ code: "TOKEN_ROLE" });
    expect(await auth.tokens.make({ ...wanted, role: "viewer", owner: "anna" }, session)).toMatchObject({ code: "TOKEN_OWNER" });
    expect(await auth.tokens.make({ ...wanted, role: "admin", owner: "otto" }, admin.session)).toMatchObject({ code: "TOKEN_ROLE" });
    expect(await auth.tokens.make({ ...wanted, role: "viewer", owner: "nobody" }, admin.session)).toMatchObject({ code: "USER_UNKNOWN" });
    expect(await identify(`Bearer ${(await make(admin, "viewer", { owner: "otto" })).token}`)).toMatchObject({ session: { user: "otto" } });
  });

  it("is not made for somebody who may not sign in, nor by another token", async () => {
    const admin = await makeAdmin();
    const { id } = await makeUser("otto", "viewer");
    await auth.users.change(id, { disabled: true });
    const wanted = { name: "ci", role: "viewer" as const, days: null };
    expect(await auth.tokens.make({ ...wanted, owner: "otto" }, admin.session)).toMatchObject({ code: "TOKEN_OWNER" });
    const own = await identify(`Bearer ${(await make(admin, "admin")).token}`);
    if (!own) throw new Error("no session");
    expect(await auth.tokens.make(wanted, own.session)).toMatchObject({ code: "TOKEN_BY_TOKEN" });
  });

  it("is seen and revoked by its owner and by admins, and is not there for anybody else", async () => {
    const admin = await makeAdmin();
    const { session: otto } = await makeUser("otto", "operator");
    const { session: vera } = await makeUser("vera", "viewer");
    const made = await make(otto, "viewer");
    expect(await auth.tokens.list(vera.session)).toEqual([]);
    expect(await auth.tokens.list(otto.session)).toHaveLength(1);
    expect(await auth.tokens.revoke(made.id, vera.session)).toMatchObject({ code: "TOKEN_UNKNOWN" });
    expect(await isGood(made)).toBe(true);
    expect(await auth.tokens.revoke(made.id, admin.session)).toEqual({ ok: true });
  });

  it("notes when it was used, to five minutes", async () => {
    const admin = await makeAdmin();
    const made = await make(admin, "viewer");
    const lastUsed = async () => (await auth.tokens.list(admin.session))[0]?.lastUsedAtMs;
    expect(await lastUsed()).toBeNull();
    const firstMs = nowMs;
    await isGood(made);
    nowMs += 60_000;
    await isGood(made);
    expect(await lastUsed()).toBe(firstMs);
    nowMs += 300_000;
    await isGood(made);
    expect(await lastUsed()).toBe(nowMs);
  });
});

describe("a user who may not sign in", () => {
  it("is refused with a sentence when the password is right, and like anybody when it is not", async () => {
    await makeAdmin();
    const { id, session } = await makeUser("otto", "operator");
    await auth.users.change(id, { disabled: true });
    expect(await auth.sessionOf(cookieOf(session))).toBeNull();
    expect(ended).toEqual([{ sessionIds: new Set([session.session.id]), reason: "sessionEnded" }]);
    expect(await auth.signIn({ user: "otto", password: PASSWORD }, caller)).toMatchObject({ code: "AUTH_DISABLED" });
    expect(await auth.signIn({ user: "otto", password: "wrong" }, caller)).toMatchObject({ code: "AUTH_BAD_PASSWORD" });
    await auth.users.change(id, { disabled: false });
    expect(await auth.signIn({ user: "otto", password: PASSWORD }, caller)).toMatchObject({ ok: true });
  });

  it("is never the last admin, and does not count as one", async () => {
    await makeAdmin();
    const anna = (await auth.users.list())[0]?.id ?? "";
    expect(await auth.users.change(anna, { disabled: true })).toMatchObject({ code: "USER_LAST_ADMIN" });
    const { id } = await makeUser("otto", "admin");
    await auth.users.change(id, { disabled: true });
    expect(await auth.users.remove(anna)).toMatchObject({ code: "USER_LAST_ADMIN" });
    expect(await auth.users.change(anna, { role: "viewer" })).toMatchObject({ code: "USER_LAST_ADMIN" });
  });
});

describe("sessions in the settings", () => {
  it("are one's own, and everybody's for an admin, each with where it is from", async () => {
    const admin = await makeAdmin();
    const { session: otto } = await makeUser("otto", "operator");
    expect((await auth.sessions.list(otto.session)).map(({ user }) => user.name)).toEqual(["otto"]);
    const all = await auth.sessions.list(admin.session);
    expect(all.map(({ user }) => user.name).sort()).toEqual(["anna", "otto"]);
    expect(all[0]).toMatchObject({ address: "192.0.2.7", userAgent: "browser", lastSeenAtMs: nowMs });
  });

  it("end at once: one's own by oneself, anybody's by an admin, another's by nobody else", async () => {
    const admin = await makeAdmin();
    const { session: otto } = await makeUser("otto", "operator");
    expect(await auth.sessions.end(admin.session.id, otto.session)).toMatchObject({ code: "SESSION_UNKNOWN" });
    expect(await auth.sessionOf(cookieOf(admin))).not.toBeNull();
    expect(await auth.sessions.end(otto.session.id, admin.session)).toEqual({ ok: true });
    expect(await auth.sessionOf(cookieOf(otto))).toBeNull();
    expect(ended).toEqual([{ sessionIds: new Set([otto.session.id]), reason: "sessionEnded" }]);
    expect(await auth.sessions.end(otto.session.id, admin.session)).toMatchObject({ code: "SESSION_UNKNOWN" });
  });
});

describe("one's own password", () => {
  it("is changed with the one in force, and ends one's other sessions", async () => {
    const here = await makeAdmin();
    const there = await signedIn(auth.signIn({ user: "anna", password: PASSWORD }, caller));
    const change = (current: string) => auth.changeOwnPassword({ current, password: "another long password" }, here.session, caller);
    expect(await change("wrong")).toMatchObject({ code: "USER_BAD_PASSWORD" });
    expect(await change(PASSWORD)).toEqual({ ok: true });
    expect(await auth.sessionOf(cookieOf(here))).not.toBeNull();
    expect(await auth.sessionOf(cookieOf(there))).toBeNull();
    expect(await auth.signIn({ user: "anna", password: "another long password" }, caller)).toMatchObject({ ok: true });
  });

  it("is not guessed through a session that was left open, nor changed by a token", async () => {
    const admin = await makeAdmin();
    const change = () => auth.changeOwnPassword({ current: "wrong", password: "another long password" }, admin.session, caller);
    for (let i = 0; i < 10; i++) await change();
    expect(await change()).toMatchObject({ code: "AUTH_TOO_MANY" });
    const byToken = { ...admin.session, token: "ci" };
    const answer = await auth.changeOwnPassword({ current: PASSWORD, password: "another long password" }, byToken, caller);
    expect(answer).toMatchObject({ code: "AUTH_NOT_A_SESSION" });
  });
});
