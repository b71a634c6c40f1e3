// SPDX-License-Identifier: Apache-2.0
import type { EnrollmentList } from "@/agent/protocol/console/api";
import { done } from "./answer";
import type { Route } from "./routes";

export const enrollmentRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/enrollments",
    needs: "admin",
    handle: async (c, deps) => c.json({ enrollments: await deps.auth.agents.openEnrollments() } satisfies EnrollmentList),
  },
  {
    method: "DELETE",
    path: "/api/v1/enrollments/:id",
    needs: "admin",
    handle: async (c, deps) => done(c, await deps.auth.agents.withdraw(c.req.param("id") ?? "")),
  },
];
