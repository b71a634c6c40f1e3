// SPDX-License-Identifier: Apache-2.0
import { type ApiTokenList, NewApiToken, NewUser, UserChange, type UserList } from "@/agent/protocol/console/api";
import type { Refusal } from "@/server/auth/refusal";
import { bodyOf, refused } from "./answer";
import type { ApiContext, ApiDeps, Route } from "./routes";

async function userList(c: ApiContext, deps: ApiDeps, status: 200 | 201 = 200): Promise<Response> {
  const users = (await deps.auth.users.list()).map(({ id, name, role, createdAtMs }) => ({ id, name, role, createdAtMs }));
  return c.json({ users } satisfies UserList, status);
}

function done(c: ApiContext, result: { ok: true } | Refusal): Response {
  return result.ok ? c.body(null, 204) : refused(c, result);
}

export const peopleRoutes: readonly Route[] = [
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
    method: "GET",
    path: "/api/v1/tokens",
    needs: "admin",
    handle: async (c, deps) => c.json({ tokens: await deps.auth.tokens.list() } satisfies ApiTokenList),
  },
  {
    method: "POST",
    path: "/api/v1/tokens",
    needs: "admin",
    async handle(c, deps) {
      const body = await bodyOf(c, NewApiToken);
      return body.ok ? c.json(await deps.auth.tokens.make(body.value), 201) : body.answer;
    },
  },
  {
    method: "DELETE",
    path: "/api/v1/tokens/:id",
    needs: "admin",
    handle: async (c, deps) => done(c, await deps.auth.tokens.revoke(c.req.param("id") ?? "")),
  },
];
