// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { caller, cookieOf, PASSWORD, signedIn, testAuth } from "./test-auth";

const on = testAuth(beforeEach, afterEach);

describe("the first admin", () => {
  it("is made with the code, however it is typed, and is signed in", async () => {
    expect(await on.auth.needsSetup()).toBe(true);
    const code = (await on.auth.newSetupCode()) ?? "";
    expect(code).toMatch(/^([A-Z2-9]{5}-){3}[A-Z2-9]{5}$/);
    const typed = ` ${code.toLowerCase().replaceAll("-", " ")} `;
    const answer = await signedIn(on.auth.setup({ code: typed, user: "anna", password: PASSWORD }, caller));
    expect(await on.auth.sessionOf(cookieOf(answer))).toEqual(answer.session);
    expect(answer.session).toMatchObject({ user: "anna", role: "admin" });
    expect(await on.auth.needsSetup()).toBe(false);
  });

  it("is refused with a wrong code, without a code, and with the code of an earlier start", async () => {
    const setup = (code: string) => on.auth.setup({ code, user: "anna", password: PASSWORD }, caller);
    expect(await setup("")).toMatchObject({ ok: false, code: "SETUP_BAD_CODE" });
    const earlier = (await on.auth.newSetupCode()) ?? "";
    await on.auth.newSetupCode();
    expect(await setup("")).toMatchObject({ code: "SETUP_BAD_CODE" });
    expect(await setup(earlier)).toMatchObject({ code: "SETUP_BAD_CODE" });
    expect(await on.auth.needsSetup()).toBe(true);
  });

  it("is made once: afterwards the code is worth nothing and no new one is given", async () => {
    const code = (await on.auth.newSetupCode()) ?? "";
    const both = await Promise.all(["anna", "mallory"].map((user) => on.auth.setup({ code, user, password: PASSWORD }, caller)));
    expect(both.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(await on.auth.setup({ code, user: "eve", password: PASSWORD }, caller)).toMatchObject({ code: "SETUP_DONE" });
    expect(await on.auth.newSetupCode()).toBeNull();
    await on.start();
    expect(await on.auth.newSetupCode()).toBeNull();
    expect(await on.auth.users.list()).toHaveLength(1);
  });

  it("has its code kept as a hash only", async () => {
    const code = (await on.auth.newSetupCode()) ?? "";
    expect(await on.db.settings.get("setupCodeHash")).toMatch(/^[0-9a-f]{64}$/);
    expect(await on.db.settings.get("setupCodeHash")).not.toContain(code);
  });

  it("has its code guarded against guessing", async () => {
    await on.auth.newSetupCode();
    const tries = Array.from({ length: 11 }, () => on.auth.setup({ code: "x", user: "anna", password: PASSWORD }, caller));
    expect((await Promise.all(tries)).map((answer) => (answer.ok ? "" : answer.code)).at(-1)).toBe("AUTH_TOO_MANY");
  });
});
