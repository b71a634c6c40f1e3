// SPDX-License-Identifier: Apache-2.0
import { NewUser, OwnPassword, UserChange, type UserList } from "@/agent/protocol/console/people";
import { bodyOf, done, refused } from "./answer";
import type { ApiContext, ApiDeps, Route } from "./routes";
import { callerOf } from "./session-routes";

async function userList(c: ApiContext, deps: ApiDeps, status: 200 | 201 = 200): Promise<Response> {
  const users = (await deps.auth.users.list()).map(({ passwordHash, ...user }) => user);
  return c.json({ users } satisfies UserList, status);
}

export const userRoutes: readonly Route[] = [
  { method: "GET", path: "/api/v1/users", needs: "admin", handle: (c, deps) => userList(c, deps) },
  {
    method: "POST",
    path: "/api/v1/users",
    needs: "admin",
    async handle(c, deps) {
      const body = await bodyOf(c, NewUser);
      if (!body.ok) return body.answer;
      const result = await deps.auth.users.add(body.value);
      return result.ok ? userList(c, deps, 201) : refused(c, result);
    },
  },
  {
    method: "PUT",
    path: "/api/v1/users/:id",
    needs: "admin",
    async handle(c, deps) {
      const body = await bodyOf(c, UserChange);
      return body.ok ? done(c, await deps.auth.users.change(c.req.param("id") ?? "", body.value)) : body.answer;
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
