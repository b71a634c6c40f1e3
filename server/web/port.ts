// SPDX-License-Identifier: Apache-2.0
import { createServer } from "node:http";
import type { Socket } from "node:net";

/** Whoever has not let go of a socket by then is cut off. */
const CLOSE_MS = 1_000;

/** The one port of the console. */
export function createPort() {
  const server = createServer();
  // Node counts an upgraded socket no longer as a connection of the server, but waits for its end all the same.
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });

  return {
    server,
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
          resolve(`http://${name}:${actual}`);
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
