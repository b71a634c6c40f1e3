// SPDX-License-Identifier: Apache-2.0
import type { AlertList, SentList } from "@/agent/protocol/console/alerts";
import type { Message } from "./outbox";
import type { KeptAlert } from "./state";

type NameOf = (receiver: string) => string;

/** Alerts as they are listed: receivers by name, the newest first. */
export function alertList(alerts: readonly KeptAlert[], nameOf: NameOf): AlertList["alerts"] {
  return [...alerts]
    .sort((a, b) => b.openedAtMs - a.openedAtMs)
    .map(({ missingSinceMs: _, witnesses: __, told, ...alert }) => ({
      ...alert,
      told: told.map(({ receiver, atMs }) => ({ receiver: nameOf(receiver), atMs })),
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
