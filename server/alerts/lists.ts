// SPDX-License-Identifier: Apache-2.0
import type { AlertList, SentList } from "@/agent/protocol/console/alerts";
import type { Message } from "./outbox";
import type { KeptAlert } from "./state";

type NameOf = (receiver: string) => string;

/** Alerts as they are listed: receivers by name, the newest first. `messages`: those that no receiver has taken. */
export function alertList(alerts: readonly KeptAlert[], messages: readonly Message[], nameOf: NameOf): AlertList["alerts"] {
  const missed = new Map(
    messages.flatMap(({ receiver, state, body }) =>
      body.alerts.map(({ id }) => [`${receiver} ${id}`, { reach: state === "givenUp" ? ("givenUp" as const) : ("waits" as const) }]),
    ),
  );
  return [...alerts]
    .sort((a, b) => b.openedAtMs - a.openedAtMs)
    .map(({ missingSinceMs: _, witnesses: __, told, ...alert }) => ({
      ...alert,
      told: told.map(({ receiver, atMs }) => ({ receiver: nameOf(receiver), atMs, ...missed.get(`${receiver} ${alert.id}`) })),
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
