// SPDX-License-Identifier: Apache-2.0
import { type SessionInfo, Setup, SignIn } from "@/agent/protocol/console/api";
import { noSessionCookie, sessionCookie } from "@/server/auth/cookie";
import type { Refusal } from "@/server/auth/refusal";
import type { SignedIn } from "@/server/auth/sessions";
import type { Caller } from "@/server/auth/sign-in";
import type { Session } from "@/server/console";
import { bodyOf, refused } from "./answer";
import type { ApiContext, ApiDeps, Route } from "./routes";

/** Where a request came from. */
export function callerOf(c: ApiContext): Caller {
  return { address: c.env.incoming?.socket.remoteAddress ?? "unknown", userAgent: c.req.header("user-agent") ?? null };
}

const infoOf = ({ user, role, expiresAtMs }: Session): SessionInfo => ({ user, role, expiresAtMs });
const isSecure = (c: ApiContext, deps: ApiDeps) => deps.origin(c.req.raw).startsWith("https:");

function answerSignedIn(c: ApiContext, deps: ApiDeps, result: SignedIn | Refusal): Response {
  if (!result.ok) return refused(c, result);
  c.header("Set-Cookie", sessionCookie(result.token, result.lastsMs, isSecure(c, deps)));
  return c.json(infoOf(result.session));
}

export const sessionRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/api/v1/session",
    needs: "nobody",
    async handle(c, deps) {
      const body = await bodyOf(c, SignIn);
      return body.ok ? answerSignedIn(c, deps, await deps.auth.signIn(body.value, callerOf(c))) : body.answer;
    },
  },
  {
    method: "POST",
    path: "/api/v1/setup",
    needs: "nobody",
    async handle(c, deps) {
      const body = await bodyOf(c, Setup);
      return body.ok ? answerSignedIn(c, deps, await deps.auth.setup(body.value, callerOf(c))) : body.answer;
    },
  },
  {
    method: "GET",
    path: "/api/v1/session",
    needs: "viewer",
    handle: async (c, _deps, session) => c.json(infoOf(session)),
  },
  {
    method: "DELETE",
    path: "/api/v1/session",
    needs: "viewer",
    async handle(c, deps, session) {
      const result = await deps.auth.signOut(session);
      if (!result.ok) return refused(c, result);
      c.header("Set-Cookie", noSessionCookie(isSecure(c, deps)));
      return c.body(null, 204);
    },
  },
];
