// SPDX-License-Identifier: Apache-2.0
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { refusal } from "@/server/auth/refusal";
import { authorise } from "@/server/auth/roles";
import { agentRoutes } from "./agent-routes";
import { alertRoutes } from "./alert-routes";
import { failed, refused } from "./answer";
import { auditRoutes } from "./audit-routes";
import { clusterRoutes } from "./cluster-routes";
import { commandRoutes } from "./command-routes";
import { enrollmentRoutes } from "./enrollment-routes";
import { findingRoutes } from "./finding-routes";
import { healthRoutes } from "./health-routes";
import { historyRoutes } from "./history-routes";
import { metricsRoutes } from "./metrics-routes";
import { noteRoutes } from "./note-routes";
import { isOwnMachine } from "./own-machine";
import { isFromElsewhere } from "./own-origin";
import { placeRoutes } from "./place-routes";
import { recordingRoutes } from "./recording-routes";
import { repairRoutes } from "./repair-routes";
import type { ApiContext, ApiDeps, ApiEnv, Route } from "./routes";
import { sessionListRoutes } from "./session-list-routes";
import { sessionRoutes } from "./session-routes";
import { timelineRoutes } from "./timeline-routes";
import { tokenRoutes } from "./token-routes";
import { userRoutes } from "./user-routes";
import { verifyPlanRoutes } from "./verify-plan-routes";
import { verifyRoutes } from "./verify-routes";
import { wallRoutes } from "./wall-routes";

/** Everything the API answers, and the role each needs. */
export const ROUTES: readonly Route[] = [
  ...sessionRoutes,
  ...sessionListRoutes,
  ...clusterRoutes,
  ...commandRoutes,
  ...repairRoutes,
  ...auditRoutes,
  ...timelineRoutes,
  ...noteRoutes,
  ...findingRoutes,
  ...verifyRoutes,
  ...historyRoutes,
  ...agentRoutes,
  ...enrollmentRoutes,
  ...userRoutes,
  ...tokenRoutes,
  ...wallRoutes,
  ...recordingRoutes,
  ...placeRoutes,
  ...alertRoutes,
  ...verifyPlanRoutes,
  ...healthRoutes,
  ...metricsRoutes,
];

const MAX_BODY_BYTES = 64 * 1_024;
const OTHER_SITE = refusal("AUTH_ORIGIN", "This request did not come from the console's own pages.");

/** Runs a handler whose request is no larger than its route takes; nothing is read for one who may not ask at all. */
async function bounded(route: Route, c: ApiContext, handle: () => Promise<Response>): Promise<Response> {
  const maxSize = route.maxBodyBytes ?? MAX_BODY_BYTES;
  const tooLarge = () =>
    failed(c, 413, "API_TOO_LARGE", `The request is larger than ${maxSize / 1_024} KiB, the most that this console takes here.`);
  let answer: Response | null = null;
  const refused = await bodyLimit({ maxSize, onError: tooLarge })(c, async () => {
    answer = await handle();
  });
  return answer ?? refused ?? tooLarge();
}

/** Runs a route's handler when the one who asks may. */
async function answer(route: Route, c: ApiContext, deps: ApiDeps): Promise<Response> {
  if (route.needs === "nobody") {
    // Signing somebody in from another site's page is a trick too; programs say no origin and are welcome.
    if (route.method !== "GET" && isFromElsewhere(c.req.raw, "mayBeSilent", deps.publicUrl)) return refused(c, OTHER_SITE);
    return bounded(route, c, () => route.handle(c, deps));
  }
  const authorization = c.req.header("authorization");
  if (route.needs === "program") {
    // Who says who they are is held to it, also on this machine.
    const isKnown = authorization === undefined && isOwnMachine(c, deps.publicUrl);
    const program = isKnown ? null : await deps.auth.identify({ cookie: null, authorization });
    const no = isKnown ? null : authorise("viewer")(program?.session ?? null);
    if (no) return refused(c, { ...no, message: `${no.message} Programs say it with an API token: Authorization: Bearer qdt_…` });
    return bounded(route, c, () => route.handle(c, deps));
  }
  const identity = await deps.auth.identify({ cookie: c.req.header("cookie"), authorization });
  const no = authorise(route.needs)(identity?.session ?? null);
  if (no) return refused(c, no);
  if (!identity) return refused(c, refusal("AUTH_REQUIRED", "Sign in first."));
  const isForgeable = identity.by === "cookie" && route.method !== "GET";
  if (isForgeable && isFromElsewhere(c.req.raw, "mustSay", deps.publicUrl)) return refused(c, OTHER_SITE);
  return bounded(route, c, () => route.handle(c, deps, identity.session));
}

/** The REST API: `/api/v1/*`, `/healthz` and `/metrics`, and nothing that is not in the table. */
export function createApi(deps: ApiDeps): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.use("*", async (c, next) => {
    await next();
    c.header("Cache-Control", "no-store");
    c.header("X-Content-Type-Options", "nosniff");
    c.header("Referrer-Policy", "no-referrer");
    c.header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  });
  for (const route of ROUTES) app.on(route.method, route.path, (c) => answer(route, c, deps));
  app.notFound((c) => failed(c, 404, "API_NOT_FOUND", "There is nothing here. The address or the method is wrong."));
  app.onError((error, c) => {
    deps.log(`${c.req.method} ${c.req.path} failed.`, error);
    return failed(c, 500, "API_FAILED", "The console could not do this. Its log says why.");
  });
  return app;
}
