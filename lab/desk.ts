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
  /** What is not as it should be from then on, in words; and what is again. Neither: nothing a console could see. */
  breaks?: (parts: P, args: readonly string[]) => Broken | null;
  mends?: (args: readonly string[]) => string | null;
  /** @throws with a sentence */
  run(parts: P, args: readonly string[]): Promise<Reply | undefined>;
}
/** What an act broke. `isOver`: it ended by itself, as what hangs does with its machine's power. */
export interface Broken {
  what: string;
  isOver?: () => boolean;
}
export type Acts<P> = Readonly<Record<string, Act<P>>>;

/** Asks the desk what is broken now by the lab's own facts, whatever a console says of it. */
const TROUBLES = "troubles";
const Troubles = z.array(z.object({ what: z.string(), sinceMs: z.number() }));
export type Troubles = z.infer<typeof Troubles>;

/** What acts broke and did not mend, and what is broken by itself, each with the time since when. */
function keepTroubles(ofItself: () => readonly string[]) {
  const made = new Map<string, { sinceMs: number; isOver: () => boolean }>();
  const seen = new Map<string, number>();
  return {
    broken({ what, isOver = () => false }: Broken): void {
      if (!made.has(what)) made.set(what, { sinceMs: Date.now(), isOver });
    },
    mended: (what: string) => made.delete(what),
    now(): Troubles {
      for (const [what, { isOver }] of made) if (isOver()) made.delete(what);
      const all = ofItself();
      for (const what of seen.keys()) if (!all.includes(what)) seen.delete(what);
      for (const what of all) if (!seen.has(what)) seen.set(what, Date.now());
      return [...[...made].map(([what, { sinceMs }]) => ({ what, sinceMs })), ...[...seen].map(([what, sinceMs]) => ({ what, sinceMs }))];
    },
  };
}
type Kept = ReturnType<typeof keepTroubles>;

async function replyTo<P>(line: string, acts: Acts<P>, parts: P, troubles: Kept): Promise<Reply> {
  const [verb = "", ...args] = Words.parse(JSON.parse(line));
  if (verb === TROUBLES) return { exitCode: 0, message: JSON.stringify(troubles.now()) };
  const act = acts[verb];
  if (!act) return { exitCode: 1, message: `The lab cannot ${verb}. It can: ${Object.keys(acts).join(", ")}.` };
  if (args.length !== act.args.length) return { exitCode: 1, message: `Say: ${[verb, ...act.args].join(" ")}` };
  // What is mended holds from the end of the act on, what is broken from its beginning.
  const broken = act.breaks?.(parts, args) ?? null;
  if (broken !== null) troubles.broken(broken);
  const reply = (await act.run(parts, args)) ?? { exitCode: 0, message: "" };
  const mended = act.mends?.(args) ?? null;
  if (mended !== null) troubles.mended(mended);
  return reply;
}

/**
 * One line of JSON in, one out, then the end: what stands inside the nodes asks here, and so do tests and people.
 * `ofItself`: what is broken without an act, or for longer than one: "ruby has no power".
 */
export async function openDesk<P>(
  socketFile: string,
  acts: Acts<P>,
  parts: P,
  ofItself: () => readonly string[] = () => [],
): Promise<{ close: () => Promise<void> }> {
  const troubles = keepTroubles(ofItself);
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
    let text = "";
    socket.on("data", (bytes) => {
      text += String(bytes);
      if (!text.includes("\n")) return;
      replyTo(text, acts, parts, troubles).then(
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

/** What is broken in a running lab, by its own facts. */
export async function troublesAt(socketFile: string): Promise<Troubles> {
  return Troubles.parse(JSON.parse(await askDesk(socketFile, TROUBLES)));
}
