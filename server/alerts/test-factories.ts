// SPDX-License-Identifier: Apache-2.0
import type { ReceiverSettings } from "@/agent/protocol/console/alerts";
import type { EntityOf, View } from "@/agent/protocol/console/view";
import { findingEntity, nodeEntity, viewOf } from "@/server/api/test-view";
import type { Answer, Message } from "./outbox";
import type { KeptAlert, MessageBody, Receiver, Route, Silence, ToldAlert } from "./state";
import { trialMessage } from "./trial-message";

// Fixed values for tests; nothing that runs imports this file.

export const T0 = 1_700_000_000_000;
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

export function receiver(id: string, settings: ReceiverSettings = { kind: "webhook", url: "http://127.0.0.1:9/" }): Receiver {
  return { id, name: id, settings, secret: null, createdBy: "anna", createdAtMs: T0, lastOkAtMs: null };
}

export function route(to: string, more: Partial<Route> = {}): Route {
  const when = { waitSeconds: 15, repeatHours: null, sendsResolved: true, isOn: true };
  return { id: `to ${to}`, receiver: to, matchers: [], ...when, createdBy: "anna", createdAtMs: T0, ...more };
}

export function silence(more: Partial<Silence> = {}): Silence {
  const words = { id: "s1", matchers: [], reason: "new switch", createdBy: "otto", createdAtMs: T0, endsAtMs: T0 + HOUR, endedBy: null };
  return { ...words, ...more };
}

/** A finding whose id is its rule, about ruby. */
export function trouble(rule: string, more: Partial<EntityOf<"finding">> = {}): EntityOf<"finding"> {
  return { ...findingEntity(rule, ["node:ruby"]), title: `${rule}!`, sinceMs: T0, ...more };
}

/** ruby and crystal, heard, with these findings. */
export function seen(...findings: readonly EntityOf<"finding">[]): View {
  return viewOf(nodeEntity("ruby", {}), nodeEntity("crystal", {}), ...findings);
}

/** What receivers answer. */
export const TAKEN: Answer = { isOk: true, says: "It answered 200", tookMs: 1, isRefusal: false };
export const DOWN: Answer = { isOk: false, says: "It could not be reached: connect ECONNREFUSED", tookMs: 1, isRefusal: false };
export const REFUSED: Answer = { isOk: false, says: "It answered 400", tookMs: 1, isRefusal: true };

/** An alert as a message tells it: crystal is gone, for a minute and a half. */
export function told(more: Partial<ToldAlert> = {}): ToldAlert {
  const labels = { cluster: ["san-a"], environment: ["PROD"], severity: ["critical"], rule: ["node-gone"], finding: ["node-gone:crystal"] };
  return {
    id: "a1",
    reason: "new",
    severity: "critical",
    wasSeverity: null,
    title: "crystal is gone",
    why: "Only ruby holds store now.",
    todo: "Find out why.",
    labels: { ...labels, node: ["crystal", "ruby"], resource: ["store"] },
    consequences: ["ruby alone holds store"],
    sinceMs: T0 - 90 * SECOND,
    endedAtMs: null,
    endedBy: null,
    returns: 0,
    acknowledged: null,
    ...more,
  };
}

const { reason: _, wasSeverity: __, ...gone } = told();
/** The same alert as it is kept: it lasts, and nobody was told. */
export const GONE_ALERT: KeptAlert = {
  ...gone,
  cluster: "san-a",
  finding: "node-gone:crystal",
  openedAtMs: T0 - 90 * SECOND,
  held: null,
  told: [],
  missingSinceMs: null,
  witnesses: { nodes: ["crystal"], sources: [] },
};

/** What one receiver is told of SAN A at T0. */
export function bodyOf(...alerts: ToldAlert[]): MessageBody {
  return { cluster: { slug: "san-a", title: "SAN A", environment: "PROD" }, atMs: T0, alerts };
}

/** The message of that place in the order, on its way to noc. */
export function message(seq: number, more: Partial<Message> = {}): Message {
  const { id, body } = trialMessage(`m${seq}`, "anna", T0);
  const words = { seq, id, receiver: "noc", createdAtMs: T0, nextAtMs: T0, endedAtMs: null, body, attempts: [], tried: 0 };
  return { ...words, state: "waiting", ...more };
}
