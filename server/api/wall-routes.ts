// SPDX-License-Identifier: Apache-2.0
import { NewWallKey, type WallKeyList, type WallKeyMade } from "@/agent/protocol/console/people";
import { refusal } from "@/server/auth/refusal";
import { bodyOf, done, refused } from "./answer";
import type { Route } from "./routes";

export const wallRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/wall-keys",
    needs: "admin",
    async handle(c, deps) {
      const keys = (await deps.auth.walls.list()).map((key) => ({ ...key, screens: deps.screensOf(key.id) }));
      return c.json({ keys } satisfies WallKeyList);
    },
  },
  {
    method: "POST",
    path: "/api/v1/wall-keys",
    needs: "admin",
    async handle(c, deps, session) {
      const body = await bodyOf(c, NewWallKey);
      if (!body.ok) return body.answer;
      const stranger = body.value.clusters?.find((slug) => !deps.clusters().includes(slug));
      if (stranger !== undefined) return refused(c, refusal("CLUSTER_UNKNOWN", `There is no cluster ${stranger}.`));
      const made = await deps.auth.walls.make(body.value, session);
      if (!made.ok) return refused(c, made);
      const { id, key, expiresAtMs } = made;
      return c.json({ id, url: `${deps.origin(c.req.raw)}/wall/${key}`, expiresAtMs } satisfies WallKeyMade, 201);
    },
  },
  {
    method: "DELETE",
    path: "/api/v1/wall-keys/:id",
    needs: "admin",
    handle: async (c, deps) => done(c, await deps.auth.walls.revoke(c.req.param("id") ?? "")),
  },
];
