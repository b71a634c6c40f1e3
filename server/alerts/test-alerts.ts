// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import type { View } from "@/agent/protocol/console/view";
import { timing } from "@/agent/protocol/timing";
import { openAuditJournal } from "@/server/audit/journal";
import type { Alerting } from "@/server/cluster/alerting";
import type { Database } from "@/server/db/open";
import { type Alerts, createAlerts } from "./alerts";
import type { Answer } from "./outbox";
import type { Sending } from "./send";
import type { Receiver } from "./state";
import { MINUTE, SECOND, T0, TAKEN } from "./test-factories";

// Alerts over a real database, with a clock and a world that a test sets; nothing that runs imports this file.

export const OTTO = { user: "otto", role: "admin" as const, token: null, from: null };

export interface World {
  nowMs: number;
  views: Map<string, View>;
  /** Nodes whose agents are trusted, in each cluster. */
  nodes: Map<string, unknown>;
  /** Rules that are not looked for, with who switched them off and why. */
  off: Map<string, string>;
  /** What a receiver answers; thrown into the log when it throws. */
  answer: (receiver: Receiver, sending: Sending) => Answer | Promise<Answer>;
  sent: { receiver: Receiver; sending: Sending }[];
  shown: Map<string, Alerting>;
  /** Who is to hear that a view moved. */
  listeners: Set<(slug: string) => void>;
  logged: string[];
}

export function newWorld(): World {
  const nodes = new Map(["ruby", "crystal"].map((name) => [name, null]));
  const heard = { sent: [], shown: new Map(), listeners: new Set<(slug: string) => void>(), logged: [] };
  return { nowMs: T0, views: new Map(), nodes, off: new Map(), answer: () => TAKEN, ...heard };
}

/** A console that was started at the world's now. */
export async function startAlerts(db: Database, world: World): Promise<Alerts> {
  const note = (message: string) => void world.logged.push(message);
  const journal = await openAuditJournal(db.audit, () => world.nowMs);
  return createAlerts({
    records: db.alerts,
    journal,
    clusters: () => [...world.views.keys()],
    clusterOf: (slug) => (world.views.has(slug) ? { slug, title: slug.toUpperCase(), environment: null, nodes: world.nodes } : null),
    unwatched: (_, rule) => world.off.get(rule) ?? null,
    viewOf: (slug) => world.views.get(slug) ?? null,
    onMoved: (listener) => void world.listeners.add(listener),
    show: (slug, alerting) => void world.shown.set(slug, alerting),
    send: async (receiver, sending) => {
      world.sent.push({ receiver, sending });
      return world.answer(receiver, sending);
    },
    publicUrl: null,
    log: { info: note, warn: note, error: note },
    now: () => world.nowMs,
    newId: randomUUID,
    timing: timing(),
  });
}

/** Lets the clock run and looks at every second; what is due is sent before the next one. */
export async function pass(alerts: Alerts, world: World, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    world.nowMs += SECOND;
    for (const slug of world.views.keys()) for (const listener of world.listeners) listener(slug);
    await alerts.tick();
    await settled();
  }
}

/** Past the time in which a console that was just started opens no alert. */
export async function warmUp(alerts: Alerts, world: World): Promise<void> {
  world.nowMs += MINUTE;
  await alerts.tick();
}

/** What was begun is through: nothing here waits for a clock. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}
