// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SignedIn } from "./sessions";
import { cookieOf, HOUR_MS, testAuth } from "./test-auth";

const on = testAuth(beforeEach, afterEach);

describe("an API token", () => {
  const identify = (authorization: string, cookie: string | null = null) => on.auth.identify({ authorization, cookie });
  async function make(by: SignedIn, role: "viewer" | "operator" | "admin", more: { days?: number; owner?: string } = {}) {
    const made = await on.auth.tokens.make(
      { name: "ci", role, days: more.days ?? null, ...(more.owner ? { owner: more.owner } : {}) },
      by.session,
    );
    if (!made.ok) throw new Error(made.code);
    return made;
  }
  const isGood = async ({ token }: { token: string }) => (await identify(`Bearer ${token}`)) !== null;
  const toldOf = () => on.ended.flatMap(({ sessionIds }) => [...sessionIds]);

  it("speaks for its owner with its role until its time is up, and the sweep tells its sockets once", async () => {
    const admin = await on.makeAdmin();
    const made = await make(admin, "operator", { days: 1 });
    expect(made.token).toMatch(/^qdt_[A-Za-z0-9_-]{43}$/);
    const { userId } = admin.session;
    expect(await identify(`Bearer ${made.token}`)).toEqual({
      by: "token",
      session: { id: `token:${made.id}`, userId, user: "anna", role: "operator", expiresAtMs: on.nowMs + 24 * HOUR_MS, token: "ci" },
    });
    on.nowMs += 24 * HOUR_MS;
    expect(await isGood(made)).toBe(false);
    on.ended = [];
    await on.auth.sweep();
    await on.auth.sweep();
    expect(toldOf().filter((id) => id.startsWith("token:"))).toEqual([`token:${made.id}`]);
  });

  it("is worth nothing once revoked, and its sockets are told", async () => {
    const admin = await on.makeAdmin();
    const made = await make(admin, "viewer");
    expect(await on.auth.tokens.revoke(made.id, admin.session)).toEqual({ ok: true });
    expect(await isGood(made)).toBe(false);
    expect(on.ended).toEqual([{ sessionIds: new Set([`token:${made.id}`]), reason: "sessionEnded" }]);
    expect(await on.auth.tokens.revoke(made.id, admin.session)).toMatchObject({ code: "TOKEN_UNKNOWN" });
    expect(await on.auth.tokens.list(admin.session)).toEqual([expect.objectContaining({ id: made.id, revokedAtMs: on.nowMs })]);
  });

  it("is never a cookie's, nor the other way round, and a wrong one is nobody even beside a good cookie", async () => {
    const admin = await on.makeAdmin();
    const made = await make(admin, "viewer");
    expect(await on.auth.sessionOf(`qd_session=${made.token}`)).toBeNull();
    expect(await identify(`Bearer ${admin.token}`)).toBeNull();
    expect(await identify("Bearer qdt_wrong", cookieOf(admin))).toBeNull();
    expect(await identify("", cookieOf(admin))).toMatchObject({ by: "cookie" });
  });

  it("ends with its owner: removed, or not to sign in any more, also when they may again", async () => {
    await on.makeAdmin();
    const otto = await on.makeUser("otto", "admin");
    const vera = await on.makeUser("vera", "viewer");
    const [ottos, veras] = [await make(otto.session, "admin"), await make(vera.session, "viewer")];
    await on.auth.users.remove(otto.id);
    expect(await isGood(ottos)).toBe(false);
    expect(toldOf()).toContain(`token:${ottos.id}`);
    await on.auth.users.change(vera.id, { disabled: true });
    expect(toldOf()).toContain(`token:${veras.id}`);
    await on.auth.users.change(vera.id, { disabled: false });
    expect(await isGood(veras)).toBe(false);
  });

  it("ends with its owner's role, while those that say no more stay", async () => {
    await on.makeAdmin();
    const { id, session } = await on.makeUser("otto", "admin");
    const [high, low] = [await make(session, "admin"), await make(session, "viewer")];
    await on.auth.users.change(id, { role: "operator" });
    expect(await isGood(high)).toBe(false);
    expect(toldOf()).toContain(`token:${high.id}`);
    await on.auth.users.change(id, { role: "admin" });
    expect(await isGood(high)).toBe(false);
    expect(await isGood(low)).toBe(true);
  });

  it("says no more than its owner may, and is made for others by an admin only", async () => {
    const admin = await on.makeAdmin();
    const { session } = (await on.makeUser("otto", "operator")).session;
    const wanted = { name: "ci", days: null };
    expect(await on.auth.tokens.make({ ...wanted, role: "admin" }, session)).toMatchObject({ code: "TOKEN_ROLE" });
    expect(await on.auth.tokens.make({ ...wanted, role: "viewer", owner: "anna" }, session)).toMatchObject({ code: "TOKEN_OWNER" });
    expect(await on.auth.tokens.make({ ...wanted, role: "admin", owner: "otto" }, admin.session)).toMatchObject({ code: "TOKEN_ROLE" });
    expect(await on.auth.tokens.make({ ...wanted, role: "viewer", owner: "nobody" }, admin.session)).toMatchObject({
      code: "USER_UNKNOWN",
    });
    expect(await identify(`Bearer ${(await make(admin, "viewer", { owner: "otto" })).token}`)).toMatchObject({ session: { user: "otto" } });
  });

  it("is not made for somebody who may not sign in, nor by another token", async () => {
    const admin = await on.makeAdmin();
    const { id } = await on.makeUser("otto", "viewer");
    await on.auth.users.change(id, { disabled: true });
    const wanted = { name: "ci", role: "viewer" as const, days: null };
    expect(await on.auth.tokens.make({ ...wanted, owner: "otto" }, admin.session)).toMatchObject({ code: "TOKEN_OWNER" });
    const own = await identify(`Bearer ${(await make(admin, "admin")).token}`);
    if (!own) throw new Error("no session");
    expect(await on.auth.tokens.make(wanted, own.session)).toMatchObject({ code: "TOKEN_BY_TOKEN" });
  });

  it("is seen and revoked by its owner and by admins, and is not there for anybody else", async () => {
    const admin = await on.makeAdmin();
    const { session: otto } = await on.makeUser("otto", "operator");
    const { session: vera } = await on.makeUser("vera", "viewer");
    const made = await make(otto, "viewer");
    expect(await on.auth.tokens.list(vera.session)).toEqual([]);
    expect(await on.auth.tokens.list(otto.session)).toHaveLength(1);
    expect(await on.auth.tokens.revoke(made.id, vera.session)).toMatchObject({ code: "TOKEN_UNKNOWN" });
    expect(await isGood(made)).toBe(true);
    expect(await on.auth.tokens.revoke(made.id, admin.session)).toEqual({ ok: true });
  });

  it("notes when it was used, to five minutes", async () => {
    const admin = await on.makeAdmin();
    const made = await make(admin, "viewer");
    const lastUsed = async () => (await on.auth.tokens.list(admin.session))[0]?.lastUsedAtMs;
    expect(await lastUsed()).toBeNull();
    const firstMs = on.nowMs;
    await isGood(made);
    on.nowMs += 60_000;
    await isGood(made);
    expect(await lastUsed()).toBe(firstMs);
    on.nowMs += 300_000;
    await isGood(made);
    expect(await lastUsed()).toBe(on.nowMs);
  });
});
