// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { caller, cookieOf, HOUR_MS, PASSWORD, signedIn, testAuth } from "./test-auth";

const on = testAuth(beforeEach, afterEach);

describe("a session", () => {
  it("is nobody's without a cookie, with another's token or with nonsense", async () => {
    await on.makeAdmin();
    for (const header of [null, undefined, "", "qd_session=", "qd_session=nonsense", "xqd_session=a", "; ;=;"]) {
      expect(await on.auth.sessionOf(header)).toBeNull();
    }
  });

  it("survives a restart of the console", async () => {
    const admin = await on.makeAdmin();
    await on.start();
    expect(await on.auth.sessionOf(cookieOf(admin))).toEqual(admin.session);
  });

  it("is over after twelve hours, to the millisecond, used or not, and the clock's sweep says so", async () => {
    const admin = await on.makeAdmin();
    on.nowMs += 12 * HOUR_MS - 1;
    expect(await on.auth.sessionOf(cookieOf(admin))).not.toBeNull();
    await on.auth.sweep();
    expect(on.ended).toEqual([]);
    on.nowMs += 1;
    expect(await on.auth.sessionOf(cookieOf(admin))).toBeNull();
    await on.auth.sweep();
    expect(on.ended).toEqual([{ sessionIds: new Set([admin.session.id]), reason: "sessionEnded" }]);
    await on.auth.sweep();
    expect(on.ended).toHaveLength(1);
  });

  it("ends with signing out, at once and alone", async () => {
    const first = await on.makeAdmin();
    const second = await signedIn(on.auth.signIn({ user: "anna", password: PASSWORD }, caller));
    expect(await on.auth.sessionOf(cookieOf(first))).not.toBeNull();
    await on.auth.signOut(first.session);
    expect(await on.auth.sessionOf(cookieOf(first))).toBeNull();
    expect(await on.auth.sessionOf(cookieOf(second))).not.toBeNull();
    expect(on.ended).toEqual([{ sessionIds: new Set([first.session.id]), reason: "sessionEnded" }]);
  });

  it("is not remembered by a lookup that was under way when it ended", async () => {
    const admin = await on.makeAdmin();
    const lookup = on.auth.sessionOf(cookieOf(admin));
    await on.auth.signOut(admin.session);
    await lookup;
    expect(await on.auth.sessionOf(cookieOf(admin))).toBeNull();
  });

  it("has a new role at once when its user gets one, and its sockets are told", async () => {
    await on.makeAdmin();
    const { id, session } = await on.makeUser("otto", "operator");
    expect(await on.auth.sessionOf(cookieOf(session))).toMatchObject({ role: "operator" });
    expect(await on.auth.users.change(id, { role: "viewer" })).toEqual({ ok: true });
    expect(await on.auth.sessionOf(cookieOf(session))).toMatchObject({ role: "viewer" });
    expect(on.ended).toEqual([{ sessionIds: new Set([session.session.id]), reason: "roleChanged" }]);
  });

  it("ends when its user gets another password, and the old password ends with it", async () => {
    await on.makeAdmin();
    const { id, session } = await on.makeUser("otto", "viewer");
    await on.auth.users.change(id, { password: "another long password" });
    expect(await on.auth.sessionOf(cookieOf(session))).toBeNull();
    expect(on.ended).toEqual([{ sessionIds: new Set([session.session.id]), reason: "sessionEnded" }]);
    expect(await on.auth.signIn({ user: "otto", password: PASSWORD }, caller)).toMatchObject({ code: "AUTH_BAD_PASSWORD" });
    expect(await on.auth.signIn({ user: "otto", password: "another long password" }, caller)).toMatchObject({ ok: true });
  });

  it("ends when its user is removed", async () => {
    await on.makeAdmin();
    const { id, session } = await on.makeUser("otto", "viewer");
    expect(await on.auth.users.remove(id)).toEqual({ ok: true });
    expect(await on.auth.sessionOf(cookieOf(session))).toBeNull();
    expect(on.ended).toEqual([{ sessionIds: new Set([session.session.id]), reason: "sessionEnded" }]);
  });
});

describe("sessions in the settings", () => {
  it("are one's own, and everybody's for an admin, each with where it is from", async () => {
    const admin = await on.makeAdmin();
    const { session: otto } = await on.makeUser("otto", "operator");
    expect((await on.auth.sessions.list(otto.session)).map(({ user }) => user.name)).toEqual(["otto"]);
    const all = await on.auth.sessions.list(admin.session);
    expect(all.map(({ user }) => user.name).sort()).toEqual(["anna", "otto"]);
    expect(all[0]).toMatchObject({ address: "192.0.2.7", userAgent: "browser", lastSeenAtMs: on.nowMs });
  });

  it("end at once: one's own by oneself, anybody's by an admin, another's by nobody else", async () => {
    const admin = await on.makeAdmin();
    const { session: otto } = await on.makeUser("otto", "operator");
    expect(await on.auth.sessions.end(admin.session.id, otto.session)).toMatchObject({ code: "SESSION_UNKNOWN" });
    expect(await on.auth.sessionOf(cookieOf(admin))).not.toBeNull();
    expect(await on.auth.sessions.end(otto.session.id, admin.session)).toEqual({ ok: true });
    expect(await on.auth.sessionOf(cookieOf(otto))).toBeNull();
    expect(on.ended).toEqual([{ sessionIds: new Set([otto.session.id]), reason: "sessionEnded" }]);
    expect(await on.auth.sessions.end(otto.session.id, admin.session)).toMatchObject({ code: "SESSION_UNKNOWN" });
  });
});
