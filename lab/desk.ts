// SPDX-License-Identifier: Apache-2.0
import { connect, createServer, type Socket } from "node:net";
import { z } from "zod";

const Words = z.array(z.string()).min(1);
const Reply = z.object({ exitCode: z.number().int(), message: z.string() });
type Reply = z.infer<typeof Reply>;

/** Something that can be done to a lab, which consists of `P`, from outside of its process. */
export interface Act<P> {
  args: readonly string[];
  /** What it does, for people; empty for what only tests, or what stands inside the nodes, ask. */
  about: string;
  /** @throws with a sentence */
  run(parts: P, args: readonly string[]): Promise<Reply | undefined>;
}
export type Acts<P> = Readonly<Record<string, Act<P>>>;

async function replyTo<P>(line: string, acts: Acts<P>, parts: P): Promise<Reply> {
  const [verb = "", ...args] = Words.parse(JSON.parse(line));
  const act = acts[verb];
  if (!act) return { exitCode: 1, message: `The lab cannot ${verb}. It can: ${Object.keys(acts).join(", ")}.` };
  if (args.length !== act.args.length) return { exitCode: 1, message: `Say: ${[verb, ...act.args].join(" ")}` };
  return (await act.run(parts, args)) ?? { exitCode: 0, message: "" };
}

/** One line of JSON in, one out, then the end: what stands inside the nodes asks here, and so do tests and people. */
export async function openDesk<P>(socketFile: string, acts: Acts<P>, parts: P): Promise<{ close: () => Promise<void> }> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
    let text = "";
    socket.on("data", (bytes) => {
      text += String(bytes);
      if (!text.includes("\n")) return;
      replyTo(text, acts, parts).then(
        (reply) => socket.end(JSON.stringify(reply)),
        (error: unknown) => socket.end(JSON.stringify({ exitCode: 1, message: String(error) } satisfies Reply)),
      );
      text = "";
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketFile, resolve);
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
export async function askDesk(socketFile: string, ...words: string[]): Promise<string> {
  const text = await new Promise<string>((resolve, reject) => {
    let said = "";
    const socket = connect(socketFile, () => socket.write(`${JSON.stringify(words)}\n`));
    socket.on("data", (bytes) => {
      said += String(bytes);
    });
    socket.on("error", (cause) => reject(new Error(`No lab answers at ${socketFile}: does it run?`, { cause })));
    socket.on("close", () => resolve(said));
  });
  if (text === "") throw new Error(`The lab ended while it was asked: ${words.join(" ")}.`);
  const { exitCode, message } = Reply.parse(JSON.parse(text));
  if (exitCode !== 0) throw new Error(`${words.join(" ")}: ${message}`);
  return message;
}
