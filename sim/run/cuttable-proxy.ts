// SPDX-License-Identifier: Apache-2.0
import { createServer, type Server, type Socket, connect as tcpConnect } from "node:net";
import { errorCode } from "./error-code";

/** A loopback port through which one agent reaches the console, and which can fall silent as a cut line does. */
export interface CuttableProxy {
  readonly port: number;
  /** From now on nothing passes either way, and nobody is told: no close, no reset. */
  cut(): void;
  /** The line is back: what stood on it is gone, as after a long cut, and new connections pass. */
  mend(): void;
  isCut(): boolean;
  close(): void;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.removeListener("error", reject);
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("The proxy has no port."));
      else resolve(address.port);
    });
  });
}

/** `wantedPort` is taken when it is free, so that an enrolled agent finds its console again; else another is. */
export async function createCuttableProxy(target: { host: string; port: number }, wantedPort: number): Promise<CuttableProxy> {
  const pairs = new Set<{ near: Socket; far: Socket }>();
  let silent = false;

  const server = createServer((near) => {
    const far = tcpConnect(target);
    const pair = { near, far };
    pairs.add(pair);
    if (silent) {
      near.pause();
      far.pause();
    }
    // An end on a cut line travels no further than anything else: the other side keeps waiting.
    const end = (other: Socket) => {
      if (silent) return;
      pairs.delete(pair);
      other.destroy();
    };
    near.on("data", (bytes: Buffer) => pass(bytes, far, near));
    far.on("data", (bytes: Buffer) => pass(bytes, near, far));
    near.on("close", () => end(far));
    far.on("close", () => end(near));
    near.on("error", () => near.destroy());
    far.on("error", () => far.destroy());
  });

  function pass(bytes: Buffer, to: Socket, from: Socket): void {
    if (silent || to.destroyed) return;
    if (to.write(bytes)) return;
    from.pause();
    to.once("drain", () => {
      if (!silent) from.resume();
    });
  }

  let port: number;
  try {
    port = await listen(server, wantedPort);
  } catch (error) {
    if (errorCode(error) !== "EADDRINUSE") throw error;
    port = await listen(server, 0);
  }

  function dropAll(): void {
    for (const { near, far } of pairs) {
      near.destroy();
      far.destroy();
    }
    pairs.clear();
  }

  return {
    port,
    cut() {
      silent = true;
      for (const { near, far } of pairs) {
        near.pause();
        far.pause();
      }
    },
    mend() {
      if (!silent) return;
      dropAll();
      silent = false;
    },
    isCut: () => silent,
    close() {
      silent = false;
      dropAll();
      server.close();
    },
  };
}
