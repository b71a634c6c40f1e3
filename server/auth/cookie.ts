// SPDX-License-Identifier: Apache-2.0

const NAME = "qd_session";

/** The session token of a Cookie header; null when there is none. */
export function tokenOfCookies(header: string | null | undefined): string | null {
  for (const pair of (header ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at !== -1 && pair.slice(0, at).trim() === NAME) return pair.slice(at + 1).trim() || null;
  }
  return null;
}

/** The Set-Cookie header of a new session. Only our own pages send it, and no script reads it. */
export function sessionCookie(token: string, lastsMs: number, isSecure: boolean): string {
  const secure = isSecure ? "; Secure" : "";
  return `${NAME}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${Math.floor(lastsMs / 1_000)}${secure}`;
}

/** The Set-Cookie header that takes the session away. */
export function noSessionCookie(isSecure: boolean): string {
  return sessionCookie("", 0, isSecure);
}
