// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { Matcher, MessageAttempt, MessageState, ReceiverSettings, RouteChange } from "@/agent/protocol/console/alerts";
import { decodeJson } from "@/agent/protocol/decode";
import type { Message } from "@/server/alerts/outbox";
import { KeptAlert, MessageBody, type Receiver, type Route, type Silence } from "@/server/alerts/state";
import type { AlertModel } from "./generated/models/Alert";
import type { AlertMessageModel } from "./generated/models/AlertMessage";
import type { AlertReceiverModel } from "./generated/models/AlertReceiver";
import type { AlertRouteModel } from "./generated/models/AlertRoute";
import type { AlertSilenceModel } from "./generated/models/AlertSilence";

/** A row as it is read, or what it is that another version kept in a form this one does not read. */
type Read<T> = { ok: true; value: T } | { ok: false; unread: string };

/** Those that were read. */
export function read<T>(all: readonly Read<T>[]): T[] {
  return all.flatMap((one) => (one.ok ? [one.value] : []));
}

/** The attempts that are kept, and how many there were. */
const Attempts = z.object({ tried: z.number(), kept: z.array(MessageAttempt) });
/** Attempts as they are kept. */
export const attemptsText = (tried: number, kept: readonly MessageAttempt[]) => JSON.stringify({ tried, kept });

export function receiverOf({ id, name, settings, secret, createdBy, createdAt, lastOkAt }: AlertReceiverModel): Read<Receiver> {
  const kept = decodeJson(ReceiverSettings, settings);
  if (!kept.ok) return { ok: false, unread: `the receiver ${name} of alerts` };
  const times = { createdAtMs: Number(createdAt), lastOkAtMs: lastOkAt === null ? null : Number(lastOkAt) };
  return { ok: true, value: { id, name, settings: kept.value, secret, createdBy, ...times } };
}

export function routeOf({ id, wanted, createdBy, createdAt }: AlertRouteModel): Read<Route> {
  const kept = decodeJson(RouteChange, wanted);
  if (!kept.ok) return { ok: false, unread: `the route ${id} of alerts` };
  return { ok: true, value: { ...kept.value, id, createdBy, createdAtMs: Number(createdAt) } };
}

export function silenceOf({ id, matchers, reason, createdBy, createdAt, endsAt, endedBy }: AlertSilenceModel): Read<Silence> {
  const kept = decodeJson(z.array(Matcher).min(1), matchers);
  // One that cannot be read silences nothing.
  if (!kept.ok) return { ok: false, unread: `the silence "${reason}"` };
  return {
    ok: true,
    value: { id, matchers: kept.value, reason, createdBy, createdAtMs: Number(createdAt), endsAtMs: Number(endsAt), endedBy },
  };
}

export function alertOf({ id, body }: AlertModel): Read<KeptAlert> {
  const kept = decodeJson(KeptAlert, body);
  return kept.ok ? { ok: true, value: kept.value } : { ok: false, unread: `the alert ${id}` };
}

export function alertRow(alert: KeptAlert): AlertModel {
  const { id, cluster, openedAtMs, endedAtMs } = alert;
  const endedAt = endedAtMs === null ? null : BigInt(endedAtMs);
  return { id, clusterSlug: cluster, openedAt: BigInt(openedAtMs), endedAt, body: JSON.stringify(alert) };
}

export function messageOf({ seq, id, receiverId, createdAt, state, nextAt, endedAt, body, attempts }: AlertMessageModel): Read<Message> {
  const words = decodeJson(MessageBody, body);
  const known = MessageState.safeParse(state);
  const tries = decodeJson(Attempts, attempts);
  if (!words.ok || !known.success || !tries.ok) return { ok: false, unread: `the message ${id} to a receiver of alerts` };
  return {
    ok: true,
    value: {
      seq,
      id,
      receiver: receiverId,
      createdAtMs: Number(createdAt),
      state: known.data,
      nextAtMs: Number(nextAt),
      endedAtMs: endedAt === null ? null : Number(endedAt),
      body: words.value,
      attempts: tries.value.kept,
      tried: tries.value.tried,
    },
  };
}
