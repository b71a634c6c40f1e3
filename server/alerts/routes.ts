// SPDX-License-Identifier: Apache-2.0
import type { RouteChange, RouteList } from "@/agent/protocol/console/alerts";
import { refusal } from "@/server/auth/refusal";
import type { Asker } from "@/server/commands/previews";
import { recorded } from "./audit";
import type { DeskDeps, Done, Made } from "./desk-deps";
import { NO_RECEIVER } from "./receivers";
import type { Receiver, Route } from "./state";

const MOST_ROUTES = 200;
const NO_ROUTE = refusal("ROUTE_UNKNOWN", "There is no such route.");

/** Which alerts go where. */
export function createRoutes(deps: DeskDeps, receivers: ReadonlyMap<string, Receiver>) {
  const { records, now, newId, inTurn } = deps;
  const all = new Map(deps.kept.routes.map((one) => [one.id, one]));

  async function keep(wanted: RouteChange, before: Route | null, by: Asker): Promise<Made> {
    const receiver = receivers.get(wanted.receiver);
    if (!receiver) return NO_RECEIVER;
    const route: Route = { ...(before ?? { id: newId(), createdBy: by.user, createdAtMs: now() }), ...wanted };
    const title = `${before ? "Change" : "Add"} a route of alerts to ${receiver.name}`;
    const told = { cluster: "", verb: before ? "alert.route-change" : "alert.route-add", title, args: { ...wanted } };
    await recorded(deps.journal, by, told, () => records.keepRoute(route));
    all.set(route.id, route);
    deps.onChanged();
    return { ok: true, id: route.id };
  }

  return {
    all,
    list: (): RouteList => ({ routes: [...all.values()] }),
    /** A receiver is gone, and in the database its routes with it. */
    forgetReceiver(id: string): void {
      for (const route of all.values()) if (route.receiver === id) all.delete(route.id);
    },
    add: (wanted: RouteChange, by: Asker): Promise<Made> =>
      inTurn(async () => {
        if (all.size >= MOST_ROUTES) return refusal("RECEIVER_MISFIT", `More than ${MOST_ROUTES} routes are not kept: remove one first.`);
        return keep(wanted, null, by);
      }),
    change: (id: string, wanted: RouteChange, by: Asker): Promise<Made> =>
      inTurn(async () => {
        const before = all.get(id);
        return before ? keep(wanted, before, by) : NO_ROUTE;
      }),
    remove: (id: string, by: Asker): Promise<Done> =>
      inTurn(async () => {
        const route = all.get(id);
        if (!route) return NO_ROUTE;
        const { receiver, matchers } = route;
        const title = `Remove a route of alerts to ${receivers.get(receiver)?.name ?? "a receiver"}`;
        const told = { cluster: "", verb: "alert.route-remove", title, args: { receiver, matchers } };
        await recorded(deps.journal, by, told, () => records.removeRoute(id));
        all.delete(id);
        deps.onChanged();
        return { ok: true };
      }),
  };
}
