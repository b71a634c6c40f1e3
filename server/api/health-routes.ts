// SPDX-License-Identifier: Apache-2.0
import type { Health } from "@/agent/protocol/console/api";
import { failed } from "./answer";
import type { ApiDeps, Route } from "./routes";

const DATABASE_ANSWERS_WITHIN_MS = 2_000;

function connectedAgents(deps: ApiDeps): number {
  let count = 0;
  for (const slug of deps.clusters()) {
    for (const entity of deps.viewOf(slug)?.values() ?? []) if (entity.kind === "node" && entity.link === "live") count += 1;
  }
  return count;
}

/** True when the database answers in time. */
async function databaseAnswers(deps: ApiDeps): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), DATABASE_ANSWERS_WITHIN_MS);
  });
  const answered = deps.db.ping().then(
    () => true,
    (error: unknown) => {
      deps.log("The database does not answer.", error);
      return false;
    },
  );
  const isThere = await Promise.race([answered, tooLate]);
  clearTimeout(timer);
  return isThere;
}

export const healthRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/healthz",
    needs: "nobody",
    async handle(c, deps) {
      if (!(await databaseAnswers(deps))) return failed(c, 503, "HEALTH_DATABASE", "The database does not answer.");
      return c.json({ status: "ok", agents: connectedAgents(deps), clusters: deps.clusters().length } satisfies Health);
    },
  },
];
