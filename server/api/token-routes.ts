// SPDX-License-Identifier: Apache-2.0
import { type ApiTokenList, type ApiTokenMade, NewApiToken } from "@/agent/protocol/console/people";
import { bodyOf, done, refused } from "./answer";
import type { Route } from "./routes";

export const tokenRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/tokens",
    needs: "viewer",
    async handle(c, deps, session) {
      const tokens = (await deps.auth.tokens.list(session)).map(({ owner, ...token }) => ({ ...token, owner: owner.name }));
      return c.json({ tokens } satisfies ApiTokenList);
    },
  },
  {
    method: "POST",
    path: "/api/v1/tokens",
    needs: "viewer",
    async handle(c, deps, session) {
      const body = await bodyOf(c, NewApiToken);
      if (!body.ok) return body.answer;
      const made = await deps.auth.tokens.make(body.value, session);
      if (!made.ok) return refused(c, made);
      const { id, token, expiresAtMs } = made;
      return c.json({ id, token, expiresAtMs } satisfies ApiTokenMade, 201);
    },
  },
  {
    method: "DELETE",
    path: "/api/v1/tokens/:id",
    needs: "viewer",
    handle: async (c, deps, session) => done(c, await deps.auth.tokens.revoke(c.req.param("id") ?? "", session)),
  },
];
