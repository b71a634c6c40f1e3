// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import next from "next";
import { securePage } from "./security-headers";

export interface Pages {
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Hot reload's upgrades; null in production, where Next upgrades nothing. */
  upgrade: ((request: IncomingMessage, socket: Duplex, head: Buffer) => void) | null;
  close(): Promise<void>;
}

/** Next's pages inside our server: one port, one process. @throws when they were not built (production). */
export async function openPages(dir: string, isDevelopment: boolean, failed: (cause: unknown) => void): Promise<Pages> {
  const app = next({ dev: isDevelopment, dir, quiet: true });
  await app.prepare();
  const handle = app.getRequestHandler();
  const upgrade = isDevelopment ? app.getUpgradeHandler() : null;
  return {
    handle(request, response) {
      securePage(request, response, isDevelopment);
      handle(request, response).catch((cause: unknown) => {
        failed(cause);
        if (!response.headersSent) response.writeHead(500).end();
      });
    },
    upgrade: upgrade && ((request, socket, head) => void upgrade(request, socket, head).catch(failed)),
    close: () => app.close(),
  };
}
