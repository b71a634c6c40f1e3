// SPDX-License-Identifier: Apache-2.0
import type { AlertList, SentList } from "@/agent/protocol/console/alerts";
import type { Message } from "./outbox";
import type { KeptAlert } from "./state";

type NameOf = (receiver: string) => string;

/** Alerts as they are listed: receivers by name, the newest first. `messages`: those that no receiver has taken. */
export function alertList(alerts: readonly KeptAlert[], messages: readonly Message[], nameOf: NameOf): AlertList["alerts"] {
  const missed = new Map<string, Message>();
  // What waits stands for what was given up before it.
  for (const message of messages)
    for (const { id } of message.body.alerts) {
      const key = `${message.receiver} ${id}`;
      if (message.state === "waiting" || missed.get(key)?.state !== "waiting") missed.set(key, message);
    }
  const reachOf = (alert: string, receiver: string, atMs: number) => {
    const message = missed.get(`${receiver} ${alert}`);
    if (message?.state === "waiting") return { reach: "waits" as const };
    // One that was made before what it was told last is past.
    return message && message.createdAtMs >= atMs ? { reach: "givenUp" as const } : {};
  };
  return [...alerts]
    .sort((a, b) => b.openedAtMs - a.openedAtMs)
    .map(({ missingSinceMs: _, witnesses: __, told, ...alert }) => ({
      ...alert,
      told: told.map(({ receiver, atMs }) => ({ receiver: nameOf(receiver), atMs, ...reachOf(alert.id, receiver, atMs) })),
    }));
}

/** Messages as they are listed, in the order given. */
export function sentList(messages: readonly Message[], nameOf: NameOf): SentList["sent"] {
  return messages.map(({ id, receiver, body, state, createdAtMs, endedAtMs, nextAtMs, attempts, tried }) => ({
    id,
    receiver: nameOf(receiver),
    cluster: body.cluster.slug,
    alerts: body.alerts.map(({ title, reason }) => ({ title, reason })),
    state,
    createdAtMs,
    endedAtMs,
    nextTryAtMs: state === "waiting" ? nextAtMs : null,
    attempts,
    tried,
  }));
}
