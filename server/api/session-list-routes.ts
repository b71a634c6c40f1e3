// SPDX-License-Identifier: Apache-2.0
import type { SessionList } from "@/agent/protocol/console/people";
import { done } from "./answer";
import type { Route } from "./routes";

export const sessionListRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/sessions",
    needs: "viewer",
    async handle(c, deps, session) {
      const sessions = (await deps.auth.sessions.list(session)).map(({ user, ...stored }) => ({
        ...stored,
        user: user.name,
        role: user.role,
        isThis: stored.id === session.id,
      }));
      return c.json({ sessions } satisfies SessionList);
    },
  },
  {
    method: "DELETE",
    path: "/api/v1/sessions/:id",
    needs: "viewer",
    handle: async (c, deps, session) => done(c, await deps.auth.sessions.end(c.req.param("id") ?? "", session)),
  },
];
