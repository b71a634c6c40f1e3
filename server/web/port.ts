// SPDX-License-Identifier: Apache-2.0
import { createServer as createPlain } from "node:http";
import { createServer as createTls } from "node:https";
import type { Socket } from "node:net";
import { type Certificate, contextOptions } from "@/server/tls/certificate";

/** Whoever has not let go of a socket by then is cut off. */
const CLOSE_MS = 1_000;
/** Who has not agreed on TLS by then is nobody's. */
const TLS_HANDSHAKE_MS = 10_000;

/** The one port of the console: https with a certificate, else http. */
export function createPort(certificate: Certificate | null = null) {
  const tls = certificate && createTls({ ...contextOptions(certificate), handshakeTimeout: TLS_HANDSHAKE_MS });
  const server = tls ?? createPlain();
  // Node counts an upgraded socket no longer as a connection of the server, but waits for its end all the same.
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });

  return {
    server,
    isTls: tls !== null,
    /** Who connects from now on gets this certificate; connections that stand are not touched. */
    renew(fresh: Certificate): void {
      tls?.setSecureContext(contextOptions(fresh));
    },
    /** Listens, and answers the address a browser of this machine can open. @throws with a sentence when it cannot */
    open({ host, port }: { host: string; port: number }): Promise<string> {
      return new Promise((resolve, reject) => {
        server.once("error", (cause: NodeJS.ErrnoException) =>
          reject(
            new Error(
              cause.code === "EADDRINUSE"
                ? `Port ${port} on ${host} is taken: set PORT to another.`
                : `Cannot listen on ${host}:${port}: ${cause.message}`,
            ),
          ),
        );
        server.listen(port, host, () => {
          const address = server.address();
          const actual = typeof address === "object" && address !== null ? address.port : port;
          const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
          resolve(`${tls ? "https" : "http"}://${name}:${actual}`);
        });
      });
    },
    /** Lets go of the port: answers under way are finished and goodbyes are heard, then every socket is cut. */
    async close(): Promise<void> {
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const cut = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, CLOSE_MS);
      await closed;
      clearTimeout(cut);
    },
  };
}
export type Port = ReturnType<typeof createPort>;
