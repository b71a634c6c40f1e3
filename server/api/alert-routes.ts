// SPDX-License-Identifier: Apache-2.0
import type { z } from "zod";
import {
  Acknowledging,
  type AlertList,
  NewSilence,
  type ReceiverAnswer,
  ReceiverChange,
  RouteChange,
} from "@/agent/protocol/console/alerts";
import type { UserRole } from "@/agent/protocol/console/api";
import type { Done, Made } from "@/server/alerts/desk-deps";
import type { Asker } from "@/server/commands/previews";
import { bodyOf, done, refused } from "./answer";
import { askerOf } from "./asker";
import type { ApiContext, ApiDeps, Route } from "./routes";

/** A change that somebody asks for, of the one that the path names. */
interface Asked {
  id: string;
  by: Asker;
}
/** Where a change is asked for, and who may. */
type At = Pick<Route, "method" | "path"> & { needs: UserRole };

const idOf = (c: ApiContext) => c.req.param("id") ?? "";

function answered(c: ApiContext, { method }: At, result: Done | Made): Response {
  if (!result.ok) return refused(c, result);
  return "id" in result ? c.json({ id: result.id }, method === "POST" ? 201 : 200) : done(c, result);
}

/** A change that needs no more than its name. */
function changes(at: At, make: (deps: ApiDeps, asked: Asked) => Promise<Done | Made>): Route {
  return { ...at, handle: async (c, deps, session) => answered(c, at, await make(deps, { id: idOf(c), by: askerOf(c, session) })) };
}

/** A change that is described by its body. */
function changesTo<S extends z.ZodType>(
  at: At,
  schema: S,
  make: (deps: ApiDeps, wanted: z.infer<S>, asked: Asked) => Promise<Done | Made>,
): Route {
  return {
    ...at,
    async handle(c, deps, session) {
      const body = await bodyOf(c, schema);
      if (!body.ok) return body.answer;
      return answered(c, at, await make(deps, body.value, { id: idOf(c), by: askerOf(c, session) }));
    },
  };
}

/** What an admin sets, one by one. */
interface Settings<T> {
  list(): object;
  add(wanted: T, by: Asker): Promise<Made>;
  change(id: string, wanted: T, by: Asker): Promise<Made>;
  remove(id: string, by: Asker): Promise<Done>;
}

function settings<S extends z.ZodType>(path: `/${string}`, schema: S, of: (deps: ApiDeps) => Settings<z.infer<S>>): Route[] {
  const needs = "admin" as const;
  return [
    { method: "GET", path, needs, handle: async (c, deps) => c.json(of(deps).list()) },
    changesTo({ method: "POST", path, needs }, schema, (deps, wanted, { by }) => of(deps).add(wanted, by)),
    changesTo({ method: "PUT", path: `${path}/:id`, needs }, schema, (deps, wanted, { id, by }) => of(deps).change(id, wanted, by)),
    changes({ method: "DELETE", path: `${path}/:id`, needs }, (deps, { id, by }) => of(deps).remove(id, by)),
  ];
}

const ACKNOWLEDGEMENT = { path: "/api/v1/alerts/:id/acknowledgement", needs: "operator" } as const;
const SILENCES = { path: "/api/v1/alerts/silences", needs: "operator" } as const;

/** What people are told: alerts, whom they go to, and what nobody is to be told of. */
export const alertRoutes: readonly Route[] = [
  { method: "GET", path: "/api/v1/alerts", needs: "viewer", handle: async (c, deps) => c.json(deps.alerts.list() satisfies AlertList) },
  { method: "GET", path: "/api/v1/alerts/sent", needs: "viewer", handle: async (c, deps) => c.json(await deps.alerts.sent()) },
  changesTo({ ...ACKNOWLEDGEMENT, method: "PUT" }, Acknowledging, ({ alerts }, { note }, { id, by }) => alerts.acknowledge(id, note, by)),
  changes({ ...ACKNOWLEDGEMENT, method: "DELETE" }, ({ alerts }, { id, by }) => alerts.takeBack(id, by)),
  { ...SILENCES, method: "GET", needs: "viewer", handle: async (c, deps) => c.json(deps.alerts.desk.silences.list()) },
  changesTo({ ...SILENCES, method: "POST" }, NewSilence, ({ alerts }, wanted, { by }) => alerts.desk.silences.add(wanted, by)),
  changes({ method: "DELETE", path: `${SILENCES.path}/:id`, needs: "operator" }, ({ alerts }, { id, by }) =>
    alerts.desk.silences.end(id, by),
  ),
  ...settings("/api/v1/alerts/receivers", ReceiverChange, ({ alerts }) => ({ ...alerts.desk.receivers, list: alerts.receivers })),
  {
    method: "POST",
    path: "/api/v1/alerts/receivers/:id/test",
    needs: "admin",
    async handle(c, deps, session) {
      const answer = await deps.alerts.desk.receivers.test(idOf(c), askerOf(c, session));
      return "code" in answer ? refused(c, answer) : c.json(answer satisfies ReceiverAnswer);
    },
  },
  ...settings("/api/v1/alerts/routes", RouteChange, ({ alerts }) => alerts.desk.routes),
];
