// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import type { Auth } from "@/server/auth/auth";
import type { Env } from "@/server/env";
import type { Log } from "@/server/log";
import type { Pages } from "@/server/web/pages";
import type { Port } from "@/server/web/port";
import { createUpgrade } from "@/server/web/upgrade";
import type { Desk } from "./desk";
import type { Inflow } from "./inflow";

export interface AnswerDeps {
  port: Port;
  /** Null over plain HTTP, and where the certificate is nobody's promise. */
  hsts: string | null;
  inflow: Inflow;
  desk: Desk;
  auth: Auth;
  env: Env;
  log: Log;
  /** Null until the pages are open, and where there are none. */
  pages: () => Pages | null;
  hasPages: boolean;
}

/** Who answers what on the console's one port. */
export function answer({ port, hsts, inflow: { hub, feed }, desk, auth, env, log, pages, hasPages }: AnswerDeps): void {
  const rest = getRequestListener(desk.api.fetch);
  port.server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    const shown = pages();
    if (hsts !== null) response.setHeader("Strict-Transport-Security", hsts);
    if (path === "/healthz" || path === "/metrics" || path.startsWith("/api/"))
      void rest(request, response).catch((cause: unknown) => log.error("a request failed", cause));
    else if (shown) shown.handle(request, response);
    // Agents and programs are served while the pages are still being opened.
    // A browser that asks too early asks again by itself: a wall has nobody to do it.
    else response.writeHead(hasPages ? 503 : 404, hasPages ? { "Retry-After": "1", Refresh: "2" } : {}).end();
  });
  const upgradePage = (request: IncomingMessage, socket: Duplex, head: Buffer): boolean => {
    const shown = pages();
    if (!shown?.upgrade) return false;
    shown.upgrade(request, socket, head);
    return true;
  };
  port.server.on(
    "upgrade",
    createUpgrade({ hub, feed, sessionOf: auth.sessionOf, publicUrl: env.publicUrl, upgradePage, wallOf: auth.walls.keyOf }),
  );
}
