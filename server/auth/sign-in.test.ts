// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLimits } from "./limits";
import { caller, cookieOf, PASSWORD, signedIn, testAuth } from "./test-auth";

const on = testAuth(beforeEach, afterEach);

describe("signing in", () => {
  it("answers a wrong name and a wrong password alike", async () => {
    await on.makeAdmin();
    const wrongName = await on.auth.signIn({ user: "nobody", password: PASSWORD }, caller);
    const wrongPassword = await on.auth.signIn({ user: "anna", password: "wrong" }, caller);
    expect(wrongName).toEqual(wrongPassword);
    expect(wrongName).toMatchObject({ ok: false, code: "AUTH_BAD_PASSWORD" });
  });

  it("keeps passwords as argon2id and tokens as hashes", async () => {
    const { token } = await on.makeAdmin();
    expect((await on.db.people.userNamed("anna"))?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await on.db.people.sessionByHash(token)).toBeNull();
  });

  it("a stranger's wrong guesses do not lock a name out for its owner at another address", async () => {
    await on.makeAdmin();
    const stranger = { address: "198.51.100.7", userAgent: null };
    for (let i = 0; i < 10; i++) await on.auth.signIn({ user: "anna", password: "wrong" }, stranger);
    expect(await on.auth.signIn({ user: "anna", password: "wrong" }, stranger)).toMatchObject({ code: "AUTH_TOO_MANY" });
    expect(await on.auth.signIn({ user: "anna", password: PASSWORD }, caller)).toMatchObject({ ok: true });
  });

  it("stops after too many failures for one name, from whatever address, even with the right password, and says when to go on", async () => {
    await on.makeAdmin();
    await on.start(createLimits({ name: 10 }));
    for (let i = 0; i < 10; i++) {
      const from = { address: `198.51.100.${i}`, userAgent: null };
      expect(await on.auth.signIn({ user: "anna", password: "wrong" }, from)).toMatchObject({ code: "AUTH_BAD_PASSWORD" });
    }
    const answer = await on.auth.signIn({ user: "anna", password: PASSWORD }, caller);
    expect(answer).toMatchObject({ ok: false, code: "AUTH_TOO_MANY", retryAfterMs: expect.any(Number) });
  });

  it("stops after too many failures from one address, over whatever names, and not for other addresses", async () => {
    await on.makeAdmin();
    await on.start(createLimits({ address: 3, user: 100, setup: 100, enroll: 100 }));
    for (let i = 0; i < 3; i++) await on.auth.signIn({ user: `guess${i}`, password: "wrong" }, caller);
    expect(await on.auth.signIn({ user: "anna", password: PASSWORD }, caller)).toMatchObject({ code: "AUTH_TOO_MANY" });
    const elsewhere = { address: "198.51.100.1", userAgent: null };
    expect(await on.auth.signIn({ user: "anna", password: PASSWORD }, elsewhere)).toMatchObject({ ok: true });
  });

  it("does not count successes", async () => {
    await on.makeAdmin();
    await on.start(createLimits({ address: 2, user: 2, setup: 2, enroll: 2 }));
    for (let i = 0; i < 5; i++) expect(await on.auth.signIn({ user: "anna", password: PASSWORD }, caller)).toMatchObject({ ok: true });
  });
});

describe("one's own password", () => {
  it("is changed with the one in force, and ends one's other sessions", async () => {
    const here = await on.makeAdmin();
    const there = await signedIn(on.auth.signIn({ user: "anna", password: PASSWORD }, caller));
    const change = (current: string) => on.auth.changeOwnPassword({ current, password: "another long password" }, here.session, caller);
    expect(await change("wrong")).toMatchObject({ code: "USER_BAD_PASSWORD" });
    expect(await change(PASSWORD)).toEqual({ ok: true });
    expect(await on.auth.sessionOf(cookieOf(here))).not.toBeNull();
    expect(await on.auth.sessionOf(cookieOf(there))).toBeNull();
    expect(await on.auth.signIn({ user: "anna", password: "another long password" }, caller)).toMatchObject({ ok: true });
  });

  it("is not guessed through a session that was left open, nor changed by a token", async () => {
    const admin = await on.makeAdmin();
    const change = () => on.auth.changeOwnPassword({ current: "wrong", password: "another long password" }, admin.session, caller);
    for (let i = 0; i < 10; i++) await change();
    expect(await change()).toMatchObject({ code: "AUTH_TOO_MANY" });
    const byToken = { ...admin.session, token: "ci" };
    const answer = await on.auth.changeOwnPassword({ current: PASSWORD, password: "another long password" }, byToken, caller);
    expect(answer).toMatchObject({ code: "AUTH_NOT_A_SESSION" });
  });
});
