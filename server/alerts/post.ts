// SPDX-License-Identifier: Apache-2.0
import type { AlertRecords } from "@/server/db/alerts";
import type { Log } from "@/server/log";
import { attempted, dueOf, type Failing, failingOf, type Message } from "./outbox";
import type { send } from "./send";
import type { Receiver } from "./state";

interface PostDeps {
  records: Pick<AlertRecords, "keepAttempt">;
  /** Messages that wait, and those given up of late. */
  messages: readonly Message[];
  receivers: Map<string, Receiver>;
  send: typeof send;
  publicUrl: string | null;
  log: Log;
  now: () => number;
}

/** How often it took a message, did not take one, and one was given up. */
interface Counts {
  sent: number;
  failed: number;
  givenUp: number;
}
const NONE: Counts = { sent: 0, failed: 0, givenUp: 0 };

/** What stands in the way of one receiver. */
export interface ReceiverState {
  waiting: number;
  /** When the oldest message that waits was made; null: none does. */
  oldestAtMs: number | null;
  /** Since the console was started. */
  counts: Counts;
  nextTryAtMs: number | null;
  failing: Failing | null;
}

/** Who is still being sent to when the console ends has this long; what was taken after that is sent once more at the next start. */
const END_MS = 3_000;

/** Sends what waits: to each receiver one at a time, in order. A message leaves the list when its receiver has taken it and that is written. */
export function createPost(deps: PostDeps) {
  const { records, receivers, log, now } = deps;
  let messages = [...deps.messages];
  const busy = new Map<string, Promise<void>>();
  const counts = new Map<string, Counts>();
  let isOver = false;

  function count(id: string, { state }: Message): void {
    const { sent, failed, givenUp } = counts.get(id) ?? NONE;
    const isSent = state === "sent";
    counts.set(id, { sent: sent + (isSent ? 1 : 0), failed: failed + (isSent ? 0 : 1), givenUp: givenUp + (state === "givenUp" ? 1 : 0) });
  }

  async function tryOne(message: Message, receiver: Receiver): Promise<void> {
    const answer = await deps.send(receiver, message, deps.publicUrl, now());
    if (isOver) return;
    const atMs = now();
    const after = attempted(message, answer, atMs);
    tellLog(receiver, after);
    count(receiver.id, after);
    if (after.state === "sent") taken(receiver.id, atMs);
    // A removed receiver's messages went with it.
    messages = messages.flatMap((one) => (one.id !== after.id ? [one] : after.state === "sent" ? [] : [after]));
    await records.keepAttempt(after);
  }

  function tellLog({ name }: Receiver, { state, tried, attempts }: Message): void {
    const says = attempts.at(-1)?.says ?? "";
    if (state === "givenUp") log.error(`alerts: a message to ${name} is given up after ${tried} attempts. ${says}`);
    else if (state === "waiting" && tried === 1) log.warn(`alerts: ${name} did not take a message; it is tried again. ${says}`);
  }

  function taken(id: string, atMs: number): void {
    const receiver = receivers.get(id);
    if (receiver) receivers.set(id, { ...receiver, lastOkAtMs: atMs });
  }

  function pump(): void {
    if (isOver) return;
    messages = messages.filter(({ receiver }) => receivers.has(receiver));
    for (const message of dueOf(messages, new Set(busy.keys()), now())) {
      const receiver = receivers.get(message.receiver);
      if (!receiver) continue;
      const work = tryOne(message, receiver)
        .catch((cause: unknown) => log.error("alerts: what became of a message could not be written", cause))
        .finally(() => {
          busy.delete(receiver.id);
          pump();
        });
      busy.set(receiver.id, work);
    }
  }

  const failing = () => failingOf(messages, new Map([...receivers].map(([id, { lastOkAtMs }]) => [id, lastOkAtMs])));

  return {
    add(fresh: readonly Message[]): void {
      messages.push(...fresh);
    },
    /** Sends whatever is due. */
    pump,
    failing,
    /** Those that no receiver has taken: they wait, or were given up of late. That the way works again does not tell them. */
    missed: (): readonly Message[] => messages,
    /** What was given up before is not listed any more. */
    forget(beforeMs: number): void {
      messages = messages.filter(({ state, endedAtMs }) => state !== "givenUp" || (endedAtMs ?? 0) >= beforeMs);
    },
    /** A receiver took something, be it a test: what was given up before is past, and what waits is tried at once. */
    taken(id: string, atMs: number): void {
      taken(id, atMs);
      messages = messages.map((one) =>
        one.receiver === id && one.state === "waiting" ? { ...one, nextAtMs: Math.min(one.nextAtMs, atMs) } : one,
      );
      pump();
    },
    states(): Map<string, ReceiverState> {
      const broken = new Map(failing().map((one) => [one.receiver, one]));
      return new Map(
        [...receivers.keys()].map((id) => {
          const own = messages.filter(({ receiver, state }) => receiver === id && state === "waiting");
          const [first] = own.sort((a, b) => a.seq - b.seq);
          const waits = { waiting: own.length, oldestAtMs: first?.createdAtMs ?? null, nextTryAtMs: first?.nextAtMs ?? null };
          return [id, { ...waits, counts: counts.get(id) ?? NONE, failing: broken.get(id) ?? null }] as const;
        }),
      );
    },
    async end(): Promise<void> {
      const limit = new Promise((resolve) => setTimeout(resolve, END_MS).unref());
      await Promise.race([Promise.all(busy.values()), limit]);
      isOver = true;
    },
  };
}
