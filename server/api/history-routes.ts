// SPDX-License-Identifier: Apache-2.0
import type { Availability, IncidentPage } from "@/agent/protocol/console/history";
import { refusal } from "@/server/auth/refusal";
import type { IncidentFilter } from "@/server/db/history";
import { availabilityOf, leastAvailable, WINDOWS } from "@/server/history/availability";
import { cardOf } from "@/server/history/failover";
import { failed, refused } from "./answer";
import type { Route } from "./routes";

/** Incidents in one page of a list. */
const PAGE = 20;
const CURSOR = /^(\d{1,16})\.([\w-]{1,64})$/;
const LEAST = /^[1-9]\d{0,2}$/;
const NO_CLUSTER = refusal("CLUSTER_UNKNOWN", "There is no such cluster.");

/** Where a page ended; null for what is no such place. */
function cursorOf(text: string): IncidentFilter["before"] {
  const found = text.match(CURSOR);
  return found ? { openedAtMs: Number(found[1]), id: found[2] ?? "" } : null;
}

export const historyRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/clusters/:slug/incidents",
    needs: "viewer",
    async handle(c, deps) {
      const cluster = c.req.param("slug") ?? "";
      if (!deps.clusters().includes(cluster)) return refused(c, NO_CLUSTER);
      const from = c.req.query("before");
      const before = from === undefined ? null : cursorOf(from);
      if (from !== undefined && before === null) return failed(c, 400, "API_BAD_REQUEST", "before is the `next` of another page.");
      const found = await deps.db.history.incidents({ cluster, node: c.req.query("node") ?? null, before }, PAGE + 1);
      const incidents = found.slice(0, PAGE).map(cardOf);
      const last = incidents.at(-1);
      const next = found.length > PAGE && last ? `${Math.round(last.openedAtMs)}.${last.id}` : null;
      return c.json({ incidents, next } satisfies IncidentPage);
    },
  },
  {
    method: "GET",
    path: "/api/v1/clusters/:slug/incidents/:id",
    needs: "viewer",
    async handle(c, deps) {
      const incident = await deps.db.history.incident(c.req.param("slug") ?? "", c.req.param("id") ?? "");
      if (!incident) return refused(c, refusal("INCIDENT_UNKNOWN", "There is no record of such a fencing here."));
      return c.json(cardOf(incident));
    },
  },
  {
    method: "GET",
    path: "/api/v1/clusters/:slug/availability",
    needs: "viewer",
    async handle(c, deps) {
      const cluster = c.req.param("slug") ?? "";
      if (!deps.clusters().includes(cluster)) return refused(c, NO_CLUSTER);
      const atMs = deps.now();
      const least = c.req.query("least");
      if (least !== undefined && !LEAST.test(least)) return failed(c, 400, "API_BAD_REQUEST", "least is how many services, 1 to 999.");
      const spans = await deps.db.history.spans(cluster, atMs - WINDOWS.quarter);
      const services = availabilityOf(spans, atMs);
      if (least === undefined) return c.json({ atMs, services } satisfies Availability);
      return c.json({ atMs, services: [...leastAvailable(services, Number(least))], count: services.length } satisfies Availability);
    },
  },
];
