// SPDX-License-Identifier: Apache-2.0
import type { Level } from "@/agent/protocol/console/view";
import type { Pacemaker, PacemakerConstraint, PacemakerFencing } from "@/agent/protocol/model/pacemaker";
import type { Memory } from "../facts";
import { constrainedNode, originOf } from "../history";
import { printedMs } from "../printed-time";
import { failureWords } from "../service-roles";
import { nodeWords } from "../testimony";
import { asSentence } from "../words";
import { tellServices } from "./services";
import { type Telling, type Told, told } from "./tell";

/** What changed between two testimonies of one cluster. */
export function tellPacemaker(before: Pacemaker, after: Pacemaker, memory: Memory, rawMs: number): Telling {
  const services = tellServices(before, after, memory, rawMs);
  return {
    told: [
      ...tellQuorum(before, after),
      ...tellNodes(before, after),
      ...tellFencing(before.fencing, after.fencing),
      ...services.told,
      ...tellFailures(before, after),
      ...tellConstraints(before, after),
    ],
    memory: services.memory,
  };
}

function tellQuorum(before: Pacemaker, after: Pacemaker): Told[] {
  const news: Told[] = [];
  if (before.quorate !== after.quorate && after.quorate !== null) {
    news.push(after.quorate ? told("quorum", "quorum won", "ok") : told("quorum", "quorum lost", "bad"));
  }
  if (after.dc !== null && before.dc !== after.dc) {
    news.push(told(after.dc, before.dc === null ? `DC is ${after.dc}` : `DC is ${after.dc}, was ${before.dc}`, "ok"));
  }
  if (before.maintenance !== after.maintenance) {
    const text = after.maintenance ? "maintenance on: the cluster starts and stops nothing" : "maintenance off";
    news.push(told("cluster", text, after.maintenance ? "held" : "ok"));
  }
  if (before.stonithEnabled !== after.stonithEnabled && after.stonithEnabled !== null) {
    news.push(told("fencing", after.stonithEnabled ? "fencing on" : "fencing off", after.stonithEnabled ? "ok" : "risk"));
  }
  return news;
}

const NODE_TEXT: ReadonlyMap<string, { text: string; level: Level }> = new Map([
  ["online", { text: "online", level: "ok" }],
  ["standby", { text: "in standby", level: "held" }],
  ["maintenance", { text: "in maintenance", level: "held" }],
  ["pending", { text: "pending, its Pacemaker has not joined yet", level: "busy" }],
  ["shutting down", { text: "shuts its Pacemaker down", level: "busy" }],
  ["offline", { text: "offline", level: "bad" }],
  ["unclean", { text: "unclean: gone, and not known to be down", level: "bad" }],
]);

function tellNodes(before: Pacemaker, after: Pacemaker): Told[] {
  const was = nodeWords(before);
  const now = nodeWords(after);
  const news: Told[] = [];
  for (const [name, word] of now) {
    const known = was.get(name);
    if (known === word) continue;
    const { text, level } = NODE_TEXT.get(word) ?? { text: word, level: "unknown" as const };
    news.push(told(name, known === undefined ? `${name} is new in the cluster, ${text}` : `${name} ${text}`, level));
  }
  for (const name of was.keys()) if (!now.has(name)) news.push(told(name, `${name} was removed from the cluster`, "risk"));
  return news;
}

function tellFencing(before: readonly PacemakerFencing[], after: readonly PacemakerFencing[]): Told[] {
  const known = new Set(before.map(fencingKey));
  return [...after].reverse().flatMap((one) => {
    if (known.has(fencingKey(one))) return [];
    const by = one.delegate ? ` by ${one.delegate}` : "";
    switch (one.status) {
      case "pending":
        return [told(one.target, `${one.target} is being fenced (${one.action})`, "busy", "fencing")];
      case "success":
        return [told(one.target, `${one.target} fenced${by} (${one.action})`, "risk", "fencing")];
      case "failed":
        return [told(one.target, `fencing of ${one.target} failed${one.exitReason ? `: ${one.exitReason}` : ""}`, "bad", "fencing")];
      default:
        return [told(one.target, `fencing of ${one.target}: ${one.status || "no status said"}`, "unknown", "fencing")];
    }
  });
}

/** Fencings that were over before this console watched: told at their own time, where that is printed with its zone. */
export function tellPastFencing(fencing: readonly PacemakerFencing[]): Told[] {
  const over = fencing.filter(({ status }) => status !== "pending");
  return [...over].reverse().flatMap((one) => {
    const atMs = printedMs(one.completed);
    const when = atMs === null ? ` It says when: ${one.completed ?? "not"}.` : "";
    const why = `It was over before this console watched: read from the cluster's own fence history.${when}`;
    return tellFencing([], [one]).map((each) => ({ ...each, why, ...(atMs !== null && { atMs }) }));
  });
}

function fencingKey(one: PacemakerFencing): string {
  return [one.target, one.action, one.status, one.client, one.origin, one.completed].join(" ");
}

function tellFailures(before: Pacemaker, after: Pacemaker): Told[] {
  const keyOf = (one: Pacemaker["failures"][number]) => [one.resource, one.node, one.task, one.exitCode, one.lastChange].join(" ");
  const known = new Set(before.failures.map(keyOf));
  const news = after.failures
    .filter((one) => !known.has(keyOf(one)))
    .map((one) => told(one.resource, asSentence(failureWords(one)).slice(0, -1), "bad" as const));
  const failing = new Set(after.failures.map(({ resource }) => resource));
  const cleaned = new Set(before.failures.map(({ resource }) => resource).filter((resource) => !failing.has(resource)));
  return [...news, ...[...cleaned].map((resource) => told(resource, `failures of ${resource} cleaned up`, "ok"))];
}

function tellConstraints(before: Pacemaker, after: Pacemaker): Told[] {
  const was = new Map(before.constraints.filter(isWorthTelling).map((one) => [one.id, one]));
  const now = new Map(after.constraints.filter(isWorthTelling).map((one) => [one.id, one]));
  const news: Told[] = [];
  for (const [id, one] of now) if (!was.has(id)) news.push(told(one.resource ?? id, constraintText(one, true), "risk"));
  for (const [id, one] of was) if (!now.has(id)) news.push(told(one.resource ?? id, constraintText(one, false), "ok"));
  return news;
}

function isWorthTelling(one: PacemakerConstraint): boolean {
  return originOf(one) !== "configuration" || (one.kind === "location" && one.score === "-INFINITY");
}

function constraintText(one: PacemakerConstraint, isNew: boolean): string {
  const resource = one.resource ?? one.id;
  const node = constrainedNode(one) ?? "a node";
  switch (originOf(one)) {
    case "ban":
    case "configuration":
      return isNew ? `${resource} banned from ${node}` : `ban of ${resource} from ${node} cleared`;
    case "prefer":
      return isNew ? `${resource} held on ${node} by a move` : `hold of ${resource} on ${node} cleared`;
    case "drbdFence":
      return isNew ? `DRBD locked promotion of ${resource}` : `DRBD unlocked promotion of ${resource}`;
  }
}
