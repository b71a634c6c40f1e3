// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { caller, cookieOf, PASSWORD, testAuth } from "./test-auth";

const on = testAuth(beforeEach, afterEach);

describe("users", () => {
  it("always leave one admin, whether removed or made something less", async () => {
    await on.makeAdmin();
    const anna = (await on.auth.users.list())[0]?.id ?? "";
    expect(await on.auth.users.remove(anna)).toMatchObject({ code: "USER_LAST_ADMIN" });
    expect(await on.auth.users.change(anna, { role: "operator" })).toMatchObject({ code: "USER_LAST_ADMIN" });
    await on.makeUser("otto", "admin");
    expect(await on.auth.users.change(anna, { role: "operator" })).toEqual({ ok: true });
  });

  it("have names of their own", async () => {
    await on.makeAdmin();
    expect(await on.auth.users.add({ user: "anna", password: PASSWORD, role: "viewer" })).toMatchObject({ code: "USER_NAME_TAKEN" });
    expect(await on.auth.users.remove("nobody")).toMatchObject({ code: "USER_UNKNOWN" });
    expect(await on.auth.users.change("nobody", { role: "viewer" })).toMatchObject({ code: "USER_UNKNOWN" });
  });
});

describe("a user who may not sign in", () => {
  it("is refused with a sentence when the password is right, and like anybody when it is not", async () => {
    await on.makeAdmin();
    const { id, session } = await on.makeUser("otto", "operator");
    await on.auth.users.change(id, { disabled: true });
    expect(await on.auth.sessionOf(cookieOf(session))).toBeNull();
    expect(on.ended).toEqual([{ sessionIds: new Set([session.session.id]), reason: "sessionEnded" }]);
    expect(await on.auth.signIn({ user: "otto", password: PASSWORD }, caller)).toMatchObject({ code: "AUTH_DISABLED" });
    expect(await on.auth.signIn({ user: "otto", password: "wrong" }, caller)).toMatchObject({ code: "AUTH_BAD_PASSWORD" });
    await on.auth.users.change(id, { disabled: false });
    expect(await on.auth.signIn({ user: "otto", password: PASSWORD }, caller)).toMatchObject({ ok: true });
  });

  it("is never the last admin, and does not count as one", async () => {
    await on.makeAdmin();
    const anna = (await on.auth.users.list())[0]?.id ?? "";
    expect(await on.auth.users.change(anna, { disabled: true })).toMatchObject({ code: "USER_LAST_ADMIN" });
    const { id } = await on.makeUser("otto", "admin");
    await on.auth.users.change(id, { disabled: true });
    expect(await on.auth.users.remove(anna)).toMatchObject({ code: "USER_LAST_ADMIN" });
    expect(await on.auth.users.change(anna, { role: "viewer" })).toMatchObject({ code: "USER_LAST_ADMIN" });
  });
});
