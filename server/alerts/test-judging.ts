// SPDX-License-Identifier: Apache-2.0
import type { View } from "@/agent/protocol/console/view";
import { timing } from "@/agent/protocol/timing";
import { type Judged, type Judging, judge } from "./judge";
import { pacesOf } from "./paces";
import type { KeptAlert, NewMessage } from "./state";
import { MINUTE, receiver, route, SECOND } from "./test-factories";

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
