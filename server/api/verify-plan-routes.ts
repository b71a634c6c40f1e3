// SPDX-License-Identifier: Apache-2.0
import { VerifyQueueing, VerifyScheduleChange, type VerifyScheduleList } from "@/agent/protocol/console/verify";
import { type VerifyCalendar, type VerifyWarnings, type VerifyWindows, VerifyWindowsAsk } from "@/agent/protocol/console/verify-plan";
import { refusal } from "@/server/auth/refusal";
import type { Session } from "@/server/console";
import { runsBetween } from "@/server/verify/calendar";
import { timesComeTo } from "@/server/verify/describe";
import type { Person } from "@/server/verify/schedules";
import { verifyWarnings } from "@/server/verify/warnings";
import { timesMisfit } from "@/server/verify/windows";
import { bodyOf, done, failed, refused } from "./answer";
import { askerOf } from "./asker";
import type { ApiContext, Route } from "./routes";

function personOf(c: ApiContext, session: Session): Person {
  return { ...askerOf(c, session), userId: session.userId };
}

/** A month with the weeks around it, and some. */
const LONGEST_CALENDAR_MS = 100 * 86_400_000;

const idOf = (c: ApiContext) => c.req.param("id") ?? "";

/** Verifies to come: the queue and the schedules. */
export const verifyPlanRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/api/v1/verify/queue",
    needs: "operator",
    async handle(c, deps, session) {
      const body = await bodyOf(c, VerifyQueueing);
      if (!body.ok) return body.answer;
      const queued = await deps.planning.queue.add(body.value, personOf(c, session));
      return "code" in queued ? refused(c, queued) : c.json(queued, 201);
    },
  },
  {
    method: "DELETE",
    path: "/api/v1/verify/queue/:id",
    needs: "operator",
    handle: async (c, deps, session) => done(c, await deps.planning.queue.remove(idOf(c), personOf(c, session))),
  },
  {
    method: "GET",
    path: "/api/v1/verify/schedules",
    needs: "viewer",
    handle: async (c, deps) => c.json({ atMs: deps.now(), schedules: deps.planning.schedules.list() } satisfies VerifyScheduleList),
  },
  {
    method: "POST",
    path: "/api/v1/verify/schedules",
    needs: "operator",
    async handle(c, deps, session) {
      const body = await bodyOf(c, VerifyScheduleChange);
      if (!body.ok) return body.answer;
      const made = await deps.planning.schedules.add(body.value, personOf(c, session));
      return "code" in made ? refused(c, made) : c.json(made, 201);
    },
  },
  {
    method: "POST",
    path: "/api/v1/verify/schedules/windows",
    needs: "viewer",
    async handle(c, deps) {
      const body = await bodyOf(c, VerifyWindowsAsk);
      if (!body.ok) return body.answer;
      const misfit = timesMisfit(body.value, deps.now());
      return misfit === null
        ? c.json(timesComeTo(body.value, deps.now()) satisfies VerifyWindows)
        : refused(c, refusal("SCHEDULE_TIMES", misfit));
    },
  },
  {
    method: "GET",
    path: "/api/v1/verify/calendar",
    needs: "viewer",
    async handle(c, deps) {
      const [fromMs, toMs] = [Number(c.req.query("from") || Number.NaN), Number(c.req.query("to") || Number.NaN)];
      if (!(Number.isInteger(fromMs) && Number.isInteger(toMs) && fromMs < toMs && toMs - fromMs <= LONGEST_CALENDAR_MS))
        return failed(c, 400, "API_BAD_REQUEST", "from and to are times in milliseconds since 1970, at most 100 days apart.");
      const runs = await runsBetween(deps.db.verifies, deps.clusters(), fromMs, toMs);
      return c.json({ atMs: deps.now(), runs, due: deps.planning.due(fromMs, toMs) } satisfies VerifyCalendar);
    },
  },
  {
    method: "GET",
    path: "/api/v1/verify/warnings",
    needs: "viewer",
    handle: async (c) => c.json({ warnings: verifyWarnings() } satisfies VerifyWarnings),
  },
  {
    method: "PUT",
    path: "/api/v1/verify/schedules/:id",
    needs: "operator",
    async handle(c, deps, session) {
      const body = await bodyOf(c, VerifyScheduleChange);
      if (!body.ok) return body.answer;
      const changed = await deps.planning.schedules.change(idOf(c), body.value, personOf(c, session));
      return "code" in changed ? refused(c, changed) : c.json(changed);
    },
  },
  {
    method: "DELETE",
    path: "/api/v1/verify/schedules/:id",
    needs: "operator",
    handle: async (c, deps, session) => done(c, await deps.planning.schedules.remove(idOf(c), personOf(c, session))),
  },
];
