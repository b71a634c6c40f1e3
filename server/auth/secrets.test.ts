// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { noSessionCookie, sessionCookie, tokenOfCookies } from "./cookie";
import { addressKey } from "./limits";
import { hashPassword, passwordFits } from "./passwords";
import { authorise, includesRole } from "./roles";
import { codeOf, hashOf, newCode, newSecret, sameHash } from "./secrets";

describe("secrets", () => {
  it("are never the same twice and fit a cookie as they are", () => {
    const secrets = new Set(Array.from({ length: 100 }, newSecret));
    expect(secrets.size).toBe(100);
    for (const secret of secrets) expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it("are compared by their hashes, whatever their lengths", () => {
    expect(sameHash(hashOf("a"), hashOf("a"))).toBe(true);
    expect(sameHash(hashOf("a"), hashOf("b"))).toBe(false);
    expect(sameHash(hashOf("a"), "")).toBe(false);
  });

  it("that are typed have no letter that looks like another, and are read back however they were typed", () => {
    const code = newCode();
    expect(code).not.toMatch(/[ILOU01]/);
    expect(codeOf(` ${code.toLowerCase().replaceAll("-", "")}\n`)).toBe(codeOf(code));
  });
});

describe("passwords", () => {
  it("fit their own hash and no other's, and nobody's fits nobody", async () => {
    const hash = await hashPassword("correct horse battery");
    expect(await passwordFits(hash, "correct horse battery")).toBe(true);
    expect(await passwordFits(hash, "correct horse batterx")).toBe(false);
    expect(await passwordFits(null, "nobody has this password")).toBe(false);
  });
});

describe("the session cookie", () => {
  it("is for our own pages, for no script, and for TLS only where there is TLS", () => {
    expect(sessionCookie("t", 43_200_000, true)).toBe("qd_session=t; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200; Secure");
    expect(sessionCookie("t", 43_200_000, false)).not.toContain("Secure");
    expect(noSessionCookie(true)).toContain("qd_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
  });

  it("is found among others", () => {
    expect(tokenOfCookies("a=b;qd_session=t ; c")).toBe("t");
    expect(tokenOfCookies("a=qd_session=t")).toBeNull();
  });
});

describe("addressKey", () => {
  it("counts an IPv4 address by itself, however the socket writes it", () => {
    expect(addressKey("192.0.2.7")).toBe("192.0.2.7");
    expect(addressKey("::ffff:192.0.2.7")).toBe("192.0.2.7");
  });

  it("counts an IPv6 network of 64 bits as one", () => {
    expect(addressKey("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2");
    expect(addressKey("2001:db8:1:2::6")).toBe("2001:db8:1:2");
    expect(addressKey("2001:db8::6")).toBe("2001:db8:0:0");
    expect(addressKey("::1")).toBe("0:0:0:0");
  });
});

describe("roles", () => {
  it("include those below them and none above", () => {
    expect(includesRole("admin", "viewer")).toBe(true);
    expect(includesRole("operator", "operator")).toBe(true);
    expect(includesRole("viewer", "operator")).toBe(false);
  });

  it("are refused with a sentence that says which is needed", () => {
    const session = { id: "s", userId: "u", user: "otto", role: "viewer" as const, expiresAtMs: 1 };
    expect(authorise("viewer")(session)).toBeNull();
    expect(authorise("admin")(session)).toMatchObject({
      code: "AUTH_ROLE",
      message: expect.stringContaining("needs the role admin; otto is viewer"),
    });
    expect(authorise("viewer")(null)).toMatchObject({ code: "AUTH_REQUIRED" });
  });
});
