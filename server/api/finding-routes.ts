// SPDX-License-Identifier: Apache-2.0
import { FindingRuleChange, type FindingRuleList } from "@/agent/protocol/console/finding-rules";
import { bodyOf, refused } from "./answer";
import { askerOf } from "./asker";
import type { Route } from "./routes";

/** The rules that findings come from, and whether they are looked at. */
export const findingRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/findings/rules",
    needs: "viewer",
    handle: async (c, deps) => c.json({ rules: deps.ruleSwitches.list() } satisfies FindingRuleList),
  },
  {
    method: "PUT",
    path: "/api/v1/findings/rules/:name",
    needs: "admin",
    async handle(c, deps, session) {
      const body = await bodyOf(c, FindingRuleChange);
      if (!body.ok) return body.answer;
      const made = await deps.ruleSwitches.change(c.req.param("name") ?? "", body.value, askerOf(c, session));
      return "code" in made ? refused(c, made) : c.body(null, 204);
    },
  },
];
