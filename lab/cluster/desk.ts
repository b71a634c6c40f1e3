// SPDX-License-Identifier: Apache-2.0
import { connect, createServer, type Socket } from "node:net";
import { z } from "zod";
import { ACTS, type Parts } from "./acts";
import type { Layout } from "./layout";
import { deskSocket } from "./node-files";

const Words = z.array(z.string()).min(1);
const Reply = z.object({ exitCode: z.number().int(), message: z.string() });
type Reply = z.infer<typeof Reply>;

async function replyTo(line: string, parts: Parts): Promise<Reply> {
  const [verb = "", ...args] = Words.parse(JSON.parse(line));
  const act = ACTS[verb];
  if (!act) return { exitCode: 1, message: `The lab cannot ${verb}. It can: ${Object.keys(ACTS).join(", ")}.` };
  if (args.length !== act.args.length) return { exitCode: 1, message: `Say: ${[verb, ...act.args].join(" ")}` };
  return (await act.run(parts, args)) ?? { exitCode: 0, message: "" };
}

/** One line of JSON in, one out, then the end: what stands inside the nodes asks here, and so do tests and people. */
export async function openDesk(parts: Parts): Promise<{ close: () => Promise<void> }> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
    let text = "";
    socket.on("data", (bytes) => {
      text += String(bytes);
      if (!text.includes("\n")) return;
      replyTo(text, parts).then(
        (reply) => socket.end(JSON.stringify(reply)),
        (error: unknown) => socket.end(JSON.stringify({ exitCode: 1, message: String(error) } satisfies Reply)),
      );
      text = "";
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(deskSocket(parts.layout), resolve);
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

/** Asks a running lab. @throws with its words when it does not do it, or is not there */
export async function askDesk(layout: Layout, ...words: string[]): Promise<string> {
  const text = await new Promise<string>((resolve, reject) => {
    let said = "";
    const socket = connect(deskSocket(layout), () => socket.write(`${JSON.stringify(words)}\n`));
    socket.on("data", (bytes) => {
      said += String(bytes);
    });
    socket.on("error", (cause) => reject(new Error(`No lab answers in ${layout.dir}: is npm run lab:cluster running?`, { cause })));
    socket.on("close", () => resolve(said));
  });
  if (text === "") throw new Error(`The lab ended while it was asked: ${words.join(" ")}.`);
  const { exitCode, message } = Reply.parse(JSON.parse(text));
  if (exitCode !== 0) throw new Error(`${words.join(" ")}: ${message}`);
  return message;
}
