// SPDX-License-Identifier: Apache-2.0
import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { MAX_FRAME_BYTES } from "@/agent/protocol/messages";
import type { Session } from "@/server/console";
import type { Feed } from "@/server/feed/feed";
import type { Hub } from "@/server/hub/hub";

export interface UpgradeDeps {
  hub: Hub;
  feed: Feed;
  sessionOf: (cookieHeader: string | null) => Promise<Session | null>;
  /** Next's own handler: hot reload in development. Null in production: nothing else is upgraded. */
  next: ((request: IncomingMessage, socket: Duplex, head: Buffer) => void) | null;
}

/** A browser's frames are a line long. */
const MAX_BROWSER_FRAME_BYTES = 4 * 1024;

/** Is this browser's page one of ours? A browser always sends Origin; a page of another site sends its own. */
export function isOwnOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined || host === undefined) return false;
  try {
    return new URL(origin).host === host;
  } catch {
    return false; // "null" and other non-addresses are nobody's origin
  }
}

/** Decides what an upgrade becomes: authorised here, before a WebSocket exists. */
export function createUpgrade(deps: UpgradeDeps) {
  // Compression costs ten times the CPU here and saves nothing that matters on a management network.
  const agents = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_FRAME_BYTES });
  const browsers = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_BROWSER_FRAME_BYTES });

  function refuse(socket: Duplex, status: number): void {
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  }

  async function admitBrowser(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    if (!isOwnOrigin(request)) return refuse(socket, 403);
    const session = await deps.sessionOf(request.headers.cookie ?? null);
    if (session === null) return refuse(socket, 401);
    browsers.handleUpgrade(request, socket, head, (accepted) => deps.feed.add(accepted, session.id));
  }

  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on("error", () => socket.destroy());
    const { pathname } = new URL(request.url ?? "/", "http://console");
    if (pathname === "/ws/agent") return agents.handleUpgrade(request, socket, head, (accepted) => deps.hub.add(accepted));
    if (pathname === "/ws/console") {
      admitBrowser(request, socket, head).catch(() => refuse(socket, 500));
      return;
    }
    if (deps.next) return deps.next(request, socket, head);
    refuse(socket, 404);
  };
}
