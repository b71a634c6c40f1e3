// SPDX-License-Identifier: Apache-2.0
import type { AlertEnd } from "@/agent/protocol/console/alerts";
import { keyOf, type View } from "@/agent/protocol/console/view";
import { asSentence } from "@/server/cluster/words";
import { isHeard } from "@/server/fleet/finding-memory";
import { maintenanceOf } from "./labels";
import type { KeptAlert } from "./state";

/** What an alert that is not found any more can be held against. */
export interface Witnessed {
  view: View;
  /** Nodes whose agents are trusted. */
  agents: ReadonlySet<string>;
  /** Why a rule is not looked for; null while it is. */
  unwatched: (rule: string) => string | null;
  nowMs: number;
}

/**
 * How an alert that is not found any more is to be taken. `unknown`: nobody can say, so it lasts. `now`: nobody will say any more.
 * `calm`: it is believed when it has been so for a while.
 */
export type Ending = { is: "unknown" } | { is: "now" | "calm"; end: AlertEnd; says: string };

/** Where an alert is told that is no longer told by itself. */
export const partOf = (title: string) => `It is part of another alert now: ${title}.`;

const UNKNOWN: Ending = { is: "unknown" };
const OVER: Ending = { is: "calm", end: "over", says: "It is no longer found." };

/** Only a finding that its rule looks for, and of which those speak whose word it was, can be over. */
export function endingOf(alert: KeptAlert, around: Witnessed): Ending {
  const { view, agents, unwatched } = around;
  const off = unwatched(alert.labels.rule[0] ?? "");
  if (off !== null) return { is: "now", end: "unwatched", says: `${off} Whether it still is so is not looked at.` };
  const { nodes, sources } = alert.witnesses;
  const left = nodes.filter((name) => !agents.has(name));
  if (left.length > 0) {
    const whose = left.map((name) => `${name}'s agent`).join(" and ");
    return { is: "now", end: "untrusted", says: `The trust in ${whose} was ended: nobody says any more whether it still is so.` };
  }
  // A view that could not be made has no nodes, and an agent that was enrolled anew has read nothing yet.
  if (nodes.some((name) => !view.has(keyOf.node(name)))) return UNKNOWN;
  if (sources.some((key) => isPending(view, key))) return UNKNOWN;
  if (!isHeard(view, alert.witnesses)) return UNKNOWN;
  return byCluster(alert, around);
}

function isPending(view: View, key: string): boolean {
  const source = view.get(key);
  return source?.kind === "source" && source.status === "pending";
}

/** Rules that tell what is wrong with a service, each one thing: it has one of them at a time. */
const OF_SERVICE: ReadonlySet<string> = new Set(
  ["twice", "failed", "blocked", "stopped", "orphaned", "unclear"].map((kind) => `service-${kind}`),
);

function byCluster(alert: KeptAlert, { view, nowMs }: Witnessed): Ending {
  const rule = alert.labels.rule[0] ?? "";
  const cluster = view.get(keyOf.cluster);
  const pacemaker = cluster?.kind === "cluster" ? cluster.pacemaker : null;
  // A side without quorum tells of no node and no service: there everybody else looks gone.
  if ((rule === "node-gone" || OF_SERVICE.has(rule)) && pacemaker && pacemaker.quorum.level !== "ok") return UNKNOWN;
  if (!OF_SERVICE.has(rule)) return OVER;
  return pacemaker ? ofService(alert, rule, view, nowMs) : UNKNOWN;
}

/** A service that is in no such trouble any more need not be well: it may be in other trouble, left alone, held, or on its way. */
function ofService(alert: KeptAlert, rule: string, view: View, nowMs: number): Ending {
  const [id = ""] = alert.labels.resource;
  const key = keyOf.resource(id);
  const service = view.get(key);
  if (service?.kind !== "resource")
    return rule === "service-orphaned" ? OVER : { is: "calm", end: "meant", says: `${id} is no longer in the configuration.` };
  const other = [...view.values()].find((one) => one.kind === "finding" && OF_SERVICE.has(one.rule) && one.about[0] === key);
  if (other?.kind === "finding") return { is: "now", end: "partOf", says: partOf(other.title) };
  const { level, word, why } = service.said;
  if (level === "ok") return OVER;
  const meant: Ending = { is: "calm", end: "meant", says: `It is meant so now: ${asSentence(lowerFirst(why ?? word))}` };
  if (level === "absent") return meant;
  if (level !== "held") return UNKNOWN;
  if (!maintenanceOf(alert.labels, view, nowMs)) return meant;
  return word === "stopped" ? UNKNOWN : OVER;
}

function lowerFirst(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
}
