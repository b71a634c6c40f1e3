// SPDX-License-Identifier: Apache-2.0
import { createServer, type Server, type Socket, connect as tcpConnect } from "node:net";
import { afterEach, expect, it, vi } from "vitest";
import { type CuttableProxy, createCuttableProxy } from "./cuttable-proxy";

const patiently = { timeout: 30_000, interval: 10 };
let server: Server | null = null;
let proxy: CuttableProxy | null = null;
const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  proxy?.close();
  server?.close();
});

/** A peer that keeps what it hears; `closed` is how often one of its sockets closed. */
async function start() {
  const heard: string[] = [];
  const ends = { closed: 0 };
  const far: Socket[] = [];
  const listening = createServer((socket) => {
    far.push(socket);
    sockets.push(socket);
    socket.on("data", (bytes: Buffer) => heard.push(String(bytes)));
    socket.on("close", () => {
      ends.closed += 1;
    });
    socket.on("error", () => socket.destroy());
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", () => resolve()));
  const address = listening.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const made = await createCuttableProxy({ host: "127.0.0.1", port: address.port }, 0);
  proxy = made;
  function join(): { socket: Socket; got: () => string; isClosed: () => boolean } {
    const socket = tcpConnect(made.port, "127.0.0.1");
    sockets.push(socket);
    let text = "";
    socket.on("data", (bytes: Buffer) => {
      text += bytes;
    });
    socket.on("error", () => socket.destroy());
    return { socket, got: () => text, isClosed: () => socket.destroyed };
  }
  return { proxy: made, heard, ends, far, join };
}

it("passes both ways", async () => {
  const { heard, far, join } = await start();
  const near = join();
  near.socket.write("there");
  await vi.waitFor(() => expect(heard.join("")).toBe("there"), patiently);
  far[0]?.write("back");
  await vi.waitFor(() => expect(near.got()).toBe("back"), patiently);
});

it("is silent when cut: nothing passes, and an end on one side is not told to the other", async () => {
  const { proxy: line, heard, ends, far, join } = await start();
  const near = join();
  near.socket.write("a");
  await vi.waitFor(() => expect(heard).toEqual(["a"]), patiently);
  line.cut();
  near.socket.write("b");
  far[0]?.write("c");
  // A socket of another line shows that time went on: what was to come would have come.
  const late = join();
  await vi.waitFor(() => expect(late.socket.readyState).toBe("open"), patiently);
  near.socket.destroy();
  await vi.waitFor(() => expect(near.isClosed()).toBe(true), patiently);
  expect(heard).toEqual(["a"]);
  expect(near.got()).toBe("");
  expect(ends.closed).toBe(0);
});

it("drops the old sockets when mended, and passes new ones", async () => {
  const { proxy: line, heard, ends, join } = await start();
  const near = join();
  near.socket.write("a");
  await vi.waitFor(() => expect(heard).toEqual(["a"]), patiently);
  line.cut();
  line.mend();
  await vi.waitFor(() => expect(near.isClosed() && ends.closed === 1).toBe(true), patiently);
  join().socket.write("new");
  await vi.waitFor(() => expect(heard).toEqual(["a", "new"]), patiently);
});

it("takes another port when the wanted one is taken", async () => {
  const { proxy: line } = await start();
  const other = await createCuttableProxy({ host: "127.0.0.1", port: 1 }, line.port);
  expect(other.port).not.toBe(line.port);
  other.close();
});
