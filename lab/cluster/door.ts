// SPDX-License-Identifier: Apache-2.0
import { fork } from "node:child_process";
import { connect, type Server, type Socket } from "node:net";
import path from "node:path";
import { netnsFile } from "./layout";

/** A way from inside a network namespace to a server outside of it. */
export interface Door {
  port: number;
  close(): void;
}

/** A port inside a network namespace; what connects there reaches `target`, byte by byte. */
export async function openDoor(netns: string, address: string, target: { host: string; port: number }): Promise<Door> {
  // The helper listens in the namespace and hands the listening socket over: what arrives there is accepted here.
  const helper = fork(path.join(import.meta.dirname, "inside/listen.mjs"), [address], {
    execPath: "nsenter",
    execArgv: [`--net=${netnsFile(netns)}`, process.execPath],
    serialization: "json",
  });
  const server = await new Promise<Server>((resolve, reject) => {
    helper.once("message", (_, handle) => {
      if (handle && "address" in handle && "listening" in handle) resolve(handle);
    });
    helper.once("error", reject);
    helper.once("exit", () => reject(new Error(`No port could be opened inside ${netns}.`)));
  });
  const open = new Set<Socket>();
  server.on("connection", (inside) => {
    const outside = connect(target.port, target.host);
    inside.pipe(outside).pipe(inside);
    for (const socket of [inside, outside]) {
      open.add(socket);
      socket.on("close", () => open.delete(socket));
      socket.on("error", () => [inside, outside].map((each) => each.destroy()));
    }
  });
  helper.disconnect();
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error(`The port inside ${netns} has no number.`);
  return {
    port: bound.port,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
