// SPDX-License-Identifier: Apache-2.0

import { refused } from "./answer";
import { askerOf } from "./asker";
import type { Route } from "./routes";

export const repairRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/clusters/:slug/mirrors/:resource/:volume/repair",
    needs: "viewer",
    async handle(c, deps, session) {
      const volume = Number(c.req.param("volume"));
      const plan = deps.commands.repairs(c.req.param("slug") ?? "", c.req.param("resource") ?? "", volume, askerOf(c, session));
      return "code" in plan ? refused(c, plan) : c.json(plan);
    },
  },
];
