// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls, createServer } from "node:tls";
import { type CertificateFiles, readCertificate } from "./certificate";

// For tests: somebody in between who ends TLS with a certificate of their own and passes everything on, reading along.

export interface Relay {
  origin: string;
  /** What came from the agents' side, in the clear. */
  heard: () => string;
  /** Connections that were passed on. */
  count: () => number;
  close(): Promise<void>;
}

/** `target`: the console's origin, https or http. */
export async function startRelay(target: string, files: CertificateFiles, host = "127.0.0.1"): Promise<Relay> {
  const { cert, key } = await readCertificate(files);
  const { hostname, port, protocol } = new URL(target);
  const heard: Buffer[] = [];
  const sockets = new Set<Socket>();
  let count = 0;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  };
  const server = createServer({ cert, key }, (near) => {
    count += 1;
    const to = { host: hostname, port: Number(port) };
    const far = protocol === "https:" ? connectTls({ ...to, rejectUnauthorized: false }) : connectPlain(to);
    keep(near);
    keep(far);
    near.on("data", (bytes: Buffer) => heard.push(bytes));
    near.pipe(far);
    far.pipe(near);
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
  });
  server.listen(0, host);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the relay has no port");
  return {
    origin: `https://${host}:${address.port}`,
    heard: () => Buffer.concat(heard).toString("latin1"),
    count: () => count,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
