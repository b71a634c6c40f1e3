// SPDX-License-Identifier: Apache-2.0
import {
  Acknowledging,
  type AlertList,
  NewSilence,
  type ReceiverAnswer,
  ReceiverChange,
  RouteChange,
} from "@/agent/protocol/console/alerts";
import type { Refusal } from "@/server/auth/refusal";
import { bodyOf, done, refused } from "./answer";
import { askerOf } from "./asker";
import type { ApiContext, Route } from "./routes";

const idOf = (c: ApiContext) => c.req.param("id") ?? "";

function made(c: ApiContext, result: { ok: true; id: string } | Refusal, status: 200 | 201): Response {
  return result.ok ? c.json({ id: result.id }, status) : refused(c, result);
}

/** What people are told: alerts, whom they go to, and what nobody is to be told of. */
export const alertRoutes: readonly Route[] = [
  { method: "GET", path: "/api/v1/alerts", needs: "viewer", handle: async (c, deps) => c.json(deps.alerts.list() satisfies AlertList) },
  { method: "GET", path: "/api/v1/alerts/sent", needs: "viewer", handle: async (c, deps) => c.json(await deps.alerts.sent()) },
  {
    method: "PUT",
    path: "/api/v1/alerts/:id/acknowledgement",
    needs: "operator",
    async handle(c, deps, session) {
      const body = await bodyOf(c, Acknowledging);
      if (!body.ok) return body.answer;
      return done(c, await deps.alerts.acknowledge(idOf(c), body.value.note, askerOf(c, session)));
    },
  },
  {
    method: "DELETE",
    path: "/api/v1/alerts/:id/acknowledgement",
    needs: "operator",
    handle: async (c, deps, session) => done(c, await deps.alerts.takeBack(idOf(c), askerOf(c, session))),
  },
  { method: "GET", path: "/api/v1/alerts/silences", needs: "viewer", handle: async (c, deps) => c.json(deps.alerts.desk.silences.list()) },
  {
    method: "POST",
    path: "/api/v1/alerts/silences",
    needs: "operator",
    async handle(c, deps, session) {
      const body = await bodyOf(c, NewSilence);
      if (!body.ok) return body.answer;
      return made(c, await deps.alerts.desk.silences.add(body.value, askerOf(c, session)), 201);
    },
  },
  {
    method: "DELETE",
    path: "/api/v1/alerts/silences/:id",
    needs: "operator",
    handle: async (c, deps, session) => done(c, await deps.alerts.desk.silences.end(idOf(c), askerOf(c, session))),
  },
  { method: "GET", path: "/api/v1/alerts/receivers", needs: "admin", handle: async (c, deps) => c.json(deps.alerts.receivers()) },
  {
    method: "POST",
    path: "/api/v1/alerts/receivers",
    needs: "admin",
    async handle(c, deps, session) {
      const body = await bodyOf(c, ReceiverChange);
      if (!body.ok) return body.answer;
      return made(c, await deps.alerts.desk.receivers.add(body.value, askerOf(c, session)), 201);
    },
  },
  {
    method: "PUT",
    path: "/api/v1/alerts/receivers/:id",
    needs: "admin",
    async handle(c, deps, session) {
      const body = await bodyOf(c, ReceiverChange);
      if (!body.ok) return body.answer;
      return made(c, await deps.alerts.desk.receivers.change(idOf(c), body.value, askerOf(c, session)), 200);
    },
  },
  {
    method: "DELETE",
    path: "/api/v1/alerts/receivers/:id",
    needs: "admin",
    handle: async (c, deps, session) => done(c, await deps.alerts.desk.receivers.remove(idOf(c), askerOf(c, session))),
  },
  {
    method: "POST",
    path: "/api/v1/alerts/receivers/:id/test",
    needs: "admin",
    async handle(c, deps, session) {
      const answer = await deps.alerts.desk.receivers.test(idOf(c), askerOf(c, session));
      return "code" in answer ? refused(c, answer) : c.json(answer satisfies ReceiverAnswer);
    },
  },
  { method: "GET", path: "/api/v1/alerts/routes", needs: "admin", handle: async (c, deps) => c.json(deps.alerts.desk.routes.list()) },
  {
    method: "POST",
    path: "/api/v1/alerts/routes",
    needs: "admin",
    async handle(c, deps, session) {
      const body = await bodyOf(c, RouteChange);
      if (!body.ok) return body.answer;
      return made(c, await deps.alerts.desk.routes.add(body.value, askerOf(c, session)), 201);
    },
  },
  {
    method: "PUT",
    path: "/api/v1/alerts/routes/:id",
    needs: "admin",
    async handle(c, deps, session) {
      const body = await bodyOf(c, RouteChange);
      if (!body.ok) return body.answer;
      return made(c, await deps.alerts.desk.routes.change(idOf(c), body.value, askerOf(c, session)), 200);
    },
  },
  {
    method: "DELETE",
    path: "/api/v1/alerts/routes/:id",
    needs: "admin",
    handle: async (c, deps, session) => done(c, await deps.alerts.desk.routes.remove(idOf(c), askerOf(c, session))),
  },
];
