// SPDX-License-Identifier: Apache-2.0
import type { DeskDeps } from "./desk-deps";
import { createReceivers } from "./receivers";
import { createRoutes } from "./routes";
import { createSilences } from "./silences";
import type { Rules } from "./state";

/** Receivers, routes and silences: what decides who is told, as people set it. Each change is in the audit. */
export function createDesk(deps: DeskDeps) {
  const receivers = createReceivers(deps, (id) => routes.forgetReceiver(id));
  const routes = createRoutes(deps, receivers.all);
  const silences = createSilences(deps);
  return {
    receivers,
    routes,
    silences,
    rules: (): Rules => ({
      routes: [...routes.all.values()],
      silences: [...silences.all.values()],
      receivers: [...receivers.all.values()],
    }),
    /** What a receiver is called; of one that was removed only that. */
    nameOf: (id: string): string => receivers.all.get(id)?.name ?? "removed",
  };
}
