// SPDX-License-Identifier: Apache-2.0
import type { ReceiverSettings } from "@/agent/protocol/console/alerts";
import type { EntityOf, View } from "@/agent/protocol/console/view";
import { timing } from "@/agent/protocol/timing";
import { findingEntity, nodeEntity, viewOf } from "@/server/api/test-view";
import { type Judged, type Judging, judge } from "./judge";
import { pacesOf } from "./paces";
import type { KeptAlert, NewMessage, Receiver, Route, Silence } from "./state";

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

/** A cluster that is judged again and again: what one look leaves is what the next one knows. */
export function story(more: Partial<Judging["rules"]> = {}) {
  const agents = new Set(["ruby", "crystal"]);
  const off = new Map<string, string>();
  const rules: Judging["rules"] = { routes: [route("noc")], silences: [], receivers: [receiver("noc")], ...more };
  const known = new Map<string, KeptAlert>();
  let count = 0;
  const newId = () => {
    count += 1;
    return `a${count}`;
  };
  return {
    rules,
    known,
    /** Nodes whose agents are trusted. */
    agents,
    /** Rules that are not looked for, with who switched them off and why. */
    off,
    look(view: View, nowMs: number): Judged {
      const cluster = { slug: "san-a", title: "SAN A", environment: "PROD" };
      const about = { cluster, agents, unwatched: (rule: string) => off.get(rule) ?? null, rules, paces: pacesOf(timing()) };
      const judged = judge({ ...about, view, known: [...known.values()], nowMs, newId });
      for (const alert of judged.alerts) known.set(alert.id, alert);
      return judged;
    },
    /** What is sent from one moment to another, as the console would: "noc: new node-gone!". */
    watch(view: View, fromMs: number, toMs: number): string[] {
      const said: string[] = [];
      // Hours are looked at every five seconds: the same is said of them.
      const step = toMs - fromMs > 10 * MINUTE ? 5 * SECOND : SECOND;
      for (let nowMs = fromMs; nowMs <= toMs; nowMs += step) said.push(...sayings(this.look(view, nowMs).messages));
      return said;
    },
  };
}

export function sayings(messages: readonly NewMessage[]): string[] {
  return messages.flatMap((message) => message.body.alerts.map(({ reason, title }) => `${message.receiver}: ${reason} ${title}`));
}
