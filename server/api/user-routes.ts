// SPDX-License-Identifier: Apache-2.0
import { NewUser, OwnPassword, UserChange, type UserList } from "@/agent/protocol/console/people";
import { refusal } from "@/server/auth/refusal";
import { bodyOf, done, refused } from "./answer";
import type { ApiContext, ApiDeps, Route } from "./routes";
import { callerOf } from "./session-routes";

async function userList(c: ApiContext, deps: ApiDeps, status: 200 | 201 = 200): Promise<Response> {
  const users = (await deps.auth.users.list()).map(({ passwordHash, ...user }) => user);
  return c.json({ users } satisfies UserList, status);
}

/** A leaked token must not outlive its end: what it gave to somebody would. Taking rights away it may. */
const BY_TOKEN = refusal("TOKEN_BY_TOKEN", "An API token gives nobody a password, a role or the right to sign in. Sign in for that.");

export const userRoutes: readonly Route[] = [
  { method: "GET", path: "/api/v1/users", needs: "admin", handle: (c, deps) => userList(c, deps) },
  {
    method: "POST",
    path: "/api/v1/users",
    needs: "admin",
    async handle(c, deps, session) {
      const body = await bodyOf(c, NewUser);
      if (!body.ok) return body.answer;
      if (session.token !== undefined) return refused(c, BY_TOKEN);
      const result = await deps.auth.users.add(body.value);
      return result.ok ? userList(c, deps, 201) : refused(c, result);
    },
  },
  {
    method: "PUT",
    path: "/api/v1/users/:id",
    needs: "admin",
    async handle(c, deps, session) {
      const body = await bodyOf(c, UserChange);
      if (!body.ok) return body.answer;
      const { role, password, disabled } = body.value;
      const gives = role !== undefined || password !== undefined || disabled === false;
      if (gives && session.token !== undefined) return refused(c, BY_TOKEN);
      return done(c, await deps.auth.users.change(c.req.param("id") ?? "", body.value));
    },
  },
  {
    method: "DELETE",
    path: "/api/v1/users/:id",
    needs: "admin",
    handle: async (c, deps) => done(c, await deps.auth.users.remove(c.req.param("id") ?? "")),
  },
  {
    method: "PUT",
    path: "/api/v1/password",
    needs: "viewer",
    async handle(c, deps, session) {
      const body = await bodyOf(c, OwnPassword);
      return body.ok ? done(c, await deps.auth.changeOwnPassword(body.value, session, callerOf(c))) : body.answer;
    },
  },
];
