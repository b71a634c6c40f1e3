// SPDX-License-Identifier: Apache-2.0
import { connect, type Socket } from "node:net";
import { z } from "zod";

const Answer = z.object({ id: z.number().int(), code: z.number().int(), out: z.string(), err: z.string() });

/** How a command in a guest ended, and what it said. */
export interface Ended {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** The way into a guest, over its virtio-serial port: commands of a shell, beside each other. */
export interface Channel {
  /** @throws when the machine ends meanwhile */
  run(command: string, seconds: number): Promise<Ended>;
  /** Resolves when the guest listens. */
  ready: Promise<void>;
  close(): void;
}

export function openChannel(name: string, socketFile: string): Channel {
  const waiting = new Map<number, { resolve(ended: Ended): void; reject(error: Error): void }>();
  const socket: Socket = connect(socketFile);
  let last = 0;
  let text = "";
  const ready = new Promise<void>((resolve, reject) => waiting.set(0, { resolve: () => resolve(), reject }));
  socket.setEncoding("utf8");
  socket.on("data", (part: string) => {
    const lines = (text + part).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      const { id, code, out, err } = Answer.parse(JSON.parse(line));
      waiting.get(id)?.resolve({ exitCode: code, stdout: out, stderr: err });
      waiting.delete(id);
    }
  });
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    for (const { reject } of waiting.values()) reject(new Error(`${name} ended while it was asked.`));
    waiting.clear();
  });
  return {
    ready,
    run(command, seconds) {
      if (socket.destroyed) return Promise.reject(new Error(`${name} is off.`));
      last += 1;
      const id = last;
      socket.write(`${JSON.stringify({ id, command, seconds })}\n`);
      return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
    },
    close: () => socket.destroy(),
  };
}
