// SPDX-License-Identifier: Apache-2.0
import type { Message } from "@/server/alerts/outbox";
import type { KeptAlert, NewMessage, Receiver, Route, Silence } from "@/server/alerts/state";
import { alertOf, alertRow, attemptsText, messageOf, read, receiverOf, routeOf, silenceOf } from "./alert-rows";
import type { Client } from "./connection";

export interface AlertRecords {
  /** All that decides and lasts; `unread` names what another version kept in a form this one does not read. */
  load(sinceMs: number): Promise<{
    receivers: Receiver[];
    routes: Route[];
    silences: Silence[];
    alerts: KeptAlert[];
    messages: Message[];
    unread: string[];
  }>;
  /** Alerts, and what is to be sent for them: both or neither. Answers the messages with their place in the order. */
  commit(alerts: readonly KeptAlert[], messages: readonly (NewMessage & { id: string; atMs: number })[]): Promise<Message[]>;
  /** What became of a message; of one that was taken also when its receiver last took one. */
  keepAttempt(message: Message): Promise<void>;
  /** The newest messages, newest first. */
  sent(limit: number): Promise<Message[]>;
  keepReceiver(receiver: Receiver): Promise<void>;
  /** It took something just now. */
  keepTaken(id: string, atMs: number): Promise<void>;
  /** With its routes and all that waits for it. False when there is none. */
  removeReceiver(id: string): Promise<boolean>;
  keepRoute(route: Route): Promise<void>;
  removeRoute(id: string): Promise<boolean>;
  keepSilence(silence: Silence): Promise<void>;
  /** Removes what ended before; what waits or lasts stays. */
  forget(beforeMs: number): Promise<void>;
}

/** A commit waits for the disk, and on a slow one that is slow, not wrong. */
const PATIENCE = { maxWait: 30_000, timeout: 60_000 };

export function alertRecords(prisma: Client): AlertRecords {
  return {
    async load(sinceMs) {
      const since = { gte: BigInt(sinceMs) };
      const receivers = (await prisma.alertReceiver.findMany({ orderBy: { createdAt: "asc" } })).map(receiverOf);
      const routes = (await prisma.alertRoute.findMany({ orderBy: { createdAt: "asc" } })).map(routeOf);
      const silences = (await prisma.alertSilence.findMany({ where: { endsAt: since }, orderBy: { createdAt: "asc" } })).map(silenceOf);
      const alerts = (await prisma.alert.findMany({ where: { OR: [{ endedAt: null }, { endedAt: since }] } })).map(alertOf);
      const messages = (
        await prisma.alertMessage.findMany({
          where: { OR: [{ state: "waiting" }, { state: "givenUp", endedAt: since }] },
          orderBy: { seq: "asc" },
        })
      ).map(messageOf);
      return {
        receivers: read(receivers),
        routes: read(routes),
        silences: read(silences),
        alerts: read(alerts),
        messages: read(messages),
        unread: [receivers, routes, silences, alerts, messages].flatMap((all) => all.flatMap((one) => (one.ok ? [] : [one.unread]))),
      };
    },
    commit: (alerts, messages) =>
      prisma.$transaction(async (tx) => {
        for (const alert of alerts) {
          const row = alertRow(alert);
          await tx.alert.upsert({ where: { id: row.id }, create: row, update: row });
        }
        const kept: Message[] = [];
        for (const { id, receiver, body, atMs } of messages) {
          const data = { id, receiverId: receiver, createdAt: BigInt(atMs), nextAt: BigInt(atMs), state: "waiting" };
          const { seq } = await tx.alertMessage.create({ data: { ...data, body: JSON.stringify(body), attempts: attemptsText(0, []) } });
          kept.push({
            seq,
            id,
            receiver,
            createdAtMs: atMs,
            nextAtMs: atMs,
            state: "waiting",
            endedAtMs: null,
            body,
            attempts: [],
            tried: 0,
          });
        }
        return kept;
      }, PATIENCE),
    async keepAttempt({ id, receiver, state, nextAtMs, endedAtMs, attempts, tried }) {
      const endedAt = endedAtMs === null ? null : BigInt(endedAtMs);
      const data = { state, nextAt: BigInt(nextAtMs), endedAt, attempts: attemptsText(tried, attempts) };
      await prisma.$transaction([
        prisma.alertMessage.updateMany({ where: { id }, data }),
        ...(state === "sent" ? [prisma.alertReceiver.updateMany({ where: { id: receiver }, data: { lastOkAt: endedAt } })] : []),
      ]);
    },
    async sent(limit) {
      return read((await prisma.alertMessage.findMany({ orderBy: { seq: "desc" }, take: limit })).map(messageOf));
    },
    async keepReceiver({ id, name, settings, secret, createdBy, createdAtMs, lastOkAtMs }) {
      const lastOkAt = lastOkAtMs === null ? null : BigInt(lastOkAtMs);
      const row = { id, name, settings: JSON.stringify(settings), secret, createdBy, createdAt: BigInt(createdAtMs), lastOkAt };
      await prisma.alertReceiver.upsert({ where: { id }, create: row, update: row });
    },
    async keepTaken(id, atMs) {
      await prisma.alertReceiver.updateMany({ where: { id }, data: { lastOkAt: BigInt(atMs) } });
    },
    removeReceiver: async (id) => (await prisma.alertReceiver.deleteMany({ where: { id } })).count > 0,
    async keepRoute({ id, createdBy, createdAtMs, ...wanted }) {
      const row = { id, receiverId: wanted.receiver, wanted: JSON.stringify(wanted), createdBy, createdAt: BigInt(createdAtMs) };
      await prisma.alertRoute.upsert({ where: { id }, create: row, update: row });
    },
    removeRoute: async (id) => (await prisma.alertRoute.deleteMany({ where: { id } })).count > 0,
    async keepSilence({ id, matchers, reason, createdBy, createdAtMs, endsAtMs, endedBy }) {
      const times = { createdAt: BigInt(createdAtMs), endsAt: BigInt(endsAtMs) };
      const row = { id, matchers: JSON.stringify(matchers), reason, createdBy, ...times, endedBy };
      await prisma.alertSilence.upsert({ where: { id }, create: row, update: row });
    },
    async forget(beforeMs) {
      const before = { lt: BigInt(beforeMs) };
      await prisma.alertMessage.deleteMany({ where: { state: { not: "waiting" }, endedAt: before } });
      await prisma.alert.deleteMany({ where: { endedAt: before } });
      await prisma.alertSilence.deleteMany({ where: { endsAt: before } });
    },
  };
}
