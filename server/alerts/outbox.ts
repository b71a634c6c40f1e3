// SPDX-License-Identifier: Apache-2.0
import type { MessageAttempt, MessageState, ReceiverAnswer } from "@/agent/protocol/console/alerts";
import type { MessageBody } from "./state";

/** A message on its way to one receiver. Its id is the same at every attempt, also after a restart. */
export interface Message {
  /** The order in which a receiver gets its messages. */
  seq: number;
  id: string;
  /** The receiver's id. */
  receiver: string;
  createdAtMs: number;
  state: MessageState;
  nextAtMs: number;
  endedAtMs: number | null;
  body: MessageBody;
  /** The newest, oldest first. */
  attempts: MessageAttempt[];
  tried: number;
}

/** What a receiver answered, and whether trying the same again can help. */
export interface Answer extends ReceiverAnswer {
  isRefusal: boolean;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
/** Pauses between attempts; the last one is kept to. */
const PAUSES_MS = [10 * SECOND_MS, 30 * SECOND_MS, MINUTE_MS, 2 * MINUTE_MS, 5 * MINUTE_MS, 10 * MINUTE_MS, 15 * MINUTE_MS];
/** A receiver that cannot be had for so long: what was meant for it is given up. */
export const GIVE_UP_MS = 24 * 3_600_000;
/** One that answers, and refuses this very message, does not hold up the others for a day. */
const MOST_REFUSALS = 3;
const MOST_ATTEMPTS_KEPT = 20;

/** The message after an attempt at it. */
export function attempted(message: Message, { isRefusal, ...answer }: Answer, atMs: number): Message {
  const attempts = [...message.attempts, { atMs, ...answer }].slice(-MOST_ATTEMPTS_KEPT);
  const after = { ...message, attempts, tried: message.tried + 1 };
  if (answer.isOk) return { ...after, state: "sent", endedAtMs: atMs };
  const isOver = atMs - message.createdAtMs >= GIVE_UP_MS || (isRefusal && after.tried >= MOST_REFUSALS);
  if (isOver) return { ...after, state: "givenUp", endedAtMs: atMs };
  const pause = PAUSES_MS[Math.min(message.tried, PAUSES_MS.length - 1)] ?? MINUTE_MS;
  return { ...after, nextAtMs: atMs + pause };
}

/** A receiver that does not take what it is sent. */
export interface Failing {
  receiver: string;
  /** Clusters whose alerts do not reach it. */
  clusters: string[];
  sinceMs: number;
  waiting: number;
  givenUp: number;
  says: string;
}

/** Once is a hiccup: a receiver fails when a message was tried so often. */
const FAILS_AFTER = 2;

/**
 * The receivers that do not take what they are sent. `lastOkAtMs` is by receiver: what was given up before it took something again is over.
 */
export function failingOf(messages: readonly Message[], lastOkAtMs: ReadonlyMap<string, number | null>): Failing[] {
  const byReceiver = new Map<string, Message[]>();
  for (const message of messages) {
    const isTrouble =
      (message.state === "waiting" && message.tried >= FAILS_AFTER) ||
      (message.state === "givenUp" && (message.endedAtMs ?? 0) > (lastOkAtMs.get(message.receiver) ?? 0));
    if (isTrouble) byReceiver.set(message.receiver, [...(byReceiver.get(message.receiver) ?? []), message]);
  }
  return [...byReceiver].map(([receiver, all]) => {
    const attempts = all.flatMap((message) => message.attempts).sort((a, b) => a.atMs - b.atMs);
    const held = messages.filter((message) => message.receiver === receiver && message.state === "waiting");
    return {
      receiver,
      clusters: [...new Set([...all, ...held].map(({ body }) => body.cluster.slug))].sort(),
      sinceMs: Math.min(...all.map(({ createdAtMs }) => createdAtMs)),
      waiting: held.length,
      givenUp: all.filter(({ state }) => state === "givenUp").length,
      says: attempts.at(-1)?.says ?? "",
    };
  });
}

/** The message of each receiver whose turn it is: in order, so that "over" never comes before "broken". */
export function dueOf(messages: readonly Message[], busy: ReadonlySet<string>, nowMs: number): Message[] {
  const first = new Map<string, Message>();
  for (const message of messages) {
    if (message.state !== "waiting") continue;
    const known = first.get(message.receiver);
    if (!known || message.seq < known.seq) first.set(message.receiver, message);
  }
  return [...first.values()].filter(({ receiver, nextAtMs }) => nextAtMs <= nowMs && !busy.has(receiver));
}
