// SPDX-License-Identifier: Apache-2.0
import type { AlertEnd, AlertHeld, TellReason } from "@/agent/protocol/console/alerts";
import { type Around, standingOf } from "@/server/findings/over";
import { type Ended, partOf as partOfWords } from "@/server/findings/standing";
import { type Found, foundIn } from "./found";
import { fits, maintenanceOf } from "./labels";
import { calmAfter, type Paces } from "./paces";
import { isWorse } from "./severity";
import type { KeptAlert, MessageBody, NewMessage, Route, Rules, ToldAlert } from "./state";

/** Alertmanager takes an alert for over when it has not heard of it for a while: it is told again in good time. */
const REFRESH_MS = 4 * 3_600_000;
const HOUR_MS = 3_600_000;

export interface Judging extends Around {
  nowMs: number;
  cluster: { slug: string; title: string; environment: string | null };
  /** The cluster's alerts that last, and those that ended a little while ago. */
  known: readonly KeptAlert[];
  rules: Rules;
  paces: Paces;
  newId: () => string;
}

/** What there is to tell of a cluster that is no longer of this console: nobody looks at it any more. */
export function drop(input: Omit<Judging, "view">): Judged {
  const open = input.known.filter(({ endedAtMs }) => endedAtMs === null);
  const gone = { ...input, view: new Map() };
  const says = "The cluster was removed from the console: whether it still is so is not looked at.";
  return toldOf(
    open.map((alert) => ended(alert, input.nowMs, "removed", says)),
    gone,
  );
}

export interface Judged {
  /** The cluster's alerts as they are now: all that last, and those that ended just now. */
  alerts: KeptAlert[];
  /** Those of them that are to be kept. */
  changed: KeptAlert[];
  /** What is to be sent for it: kept together with the alerts, or neither. */
  messages: NewMessage[];
}

/** What there is to tell of a cluster now, and to whom. Pure: the same view, alerts, rules and moment give the same. */
export function judge(input: Judging): Judged {
  const { cluster, view, known, agents } = input;
  const { roots, partOf, settling } = foundIn(view, cluster, agents);
  const open = new Map(known.flatMap((alert) => (alert.endedAtMs === null ? [[alert.finding, alert] as const] : [])));
  const after: KeptAlert[] = [];
  for (const found of roots) {
    const alert = open.get(found.finding);
    if (alert) after.push(stands(alert, found, settling.has(found.finding)));
    // What may be passing is nobody's alert: the same is kept from the timeline.
    else if (!settling.has(found.finding)) after.push(begun(found, input));
  }
  const told = new Map(after.map(({ finding, title }) => [finding, title]));
  for (const alert of open.values()) {
    if (told.has(alert.finding)) continue;
    const root = partOf.get(alert.finding);
    if (root === undefined) after.push(gone(alert, input));
    else after.push(inside(alert, told.get(root), input));
  }
  return toldOf(after, input);
}

/** What is told of the alerts as they are now: one message to each receiver. */
function toldOf(after: readonly KeptAlert[], input: Judging): Judged {
  const told = new Map<string, ToldAlert[]>();
  const alerts = after.map((alert) => {
    const held = alert.endedAtMs === null ? heldBy(alert, input) : null;
    return tell({ ...alert, held }, input, (receiver, what) => told.set(receiver, [...(told.get(receiver) ?? []), what]));
  });
  const before = new Map(input.known.map((alert) => [alert.id, alert]));
  const { slug, title, environment } = input.cluster;
  const body = (list: ToldAlert[]): MessageBody => ({ cluster: { slug, title, environment }, atMs: input.nowMs, alerts: list });
  return {
    alerts,
    changed: alerts.filter((alert) => !isSame(alert, before.get(alert.id))),
    messages: [...told].map(([receiver, list]) => ({ receiver, body: body(list) })),
  };
}

function begun(found: Found, { cluster, known, nowMs, paces, newId }: Judging): KeptAlert {
  const before = known
    .filter(({ finding, endedAtMs }) => finding === found.finding && endedAtMs !== null && nowMs - endedAtMs <= paces.returnsMs)
    .sort((a, b) => (b.endedAtMs ?? 0) - (a.endedAtMs ?? 0))[0];
  return {
    ...found,
    id: newId(),
    cluster: cluster.slug,
    openedAtMs: nowMs,
    endedAtMs: null,
    endedBy: null,
    returns: before ? before.returns + 1 : 0,
    acknowledged: null,
    held: null,
    told: [],
    missingSinceMs: null,
  };
}

/** What is seen again before it was over never was. What may be passing says nothing new of it: not that it got worse. */
function stands(alert: KeptAlert, found: Found, isSettling: boolean): KeptAlert {
  return { ...alert, ...(isSettling ? {} : found), missingSinceMs: null };
}

/** Seen as a part of another finding: no longer told by itself once that one is an alert, whose title it is, and stays one. */
function inside(alert: KeptAlert, root: string | undefined, input: Judging): KeptAlert {
  if (root === undefined) return { ...alert, missingSinceMs: null };
  return leaving(alert, { end: "partOf", says: partOfWords(root) }, input);
}

/** Not seen, by those who could see it. A late word in between starts nothing anew. */
function gone(alert: KeptAlert, input: Judging): KeptAlert {
  const standing = standingOf({ id: alert.finding, witnesses: alert.witnesses }, input);
  if (standing.is === "notKnown") return alert;
  if (standing.is === "stillSo") return { ...alert, missingSinceMs: null };
  // Nobody looks or speaks any more: there is nothing to wait for.
  if (standing.end === "unwatched" || standing.end === "untrusted") return ended(alert, input.nowMs, standing.end, standing.says);
  return leaving(alert, standing, input);
}

/** Believed when it has been so for a while: what comes and goes is told once. */
function leaving(alert: KeptAlert, { end, says }: Pick<Ended, "end" | "says">, { nowMs, paces }: Judging): KeptAlert {
  const missingSinceMs = alert.missingSinceMs ?? nowMs;
  if (nowMs - missingSinceMs < calmAfter(alert.returns, paces)) return { ...alert, missingSinceMs };
  return ended({ ...alert, missingSinceMs }, missingSinceMs, end, says);
}

function ended(alert: KeptAlert, endedAtMs: number, end: AlertEnd, endedBy: string): KeptAlert {
  return { ...alert, held: null, endedAtMs, end, endedBy };
}

function heldBy({ labels }: KeptAlert, { view, rules, nowMs }: Judging): AlertHeld | null {
  const silence = rules.silences.find(({ matchers, endedBy, endsAtMs }) => endedBy === null && endsAtMs > nowMs && fits(matchers, labels));
  if (silence) return { by: "silence", says: `${silence.createdBy}: ${silence.reason}`, untilMs: silence.endsAtMs };
  // That a maintenance is over its time, and that nobody is reached, is told in it as well.
  if (labels.rule.some((rule) => rule === "maintenance-over" || rule === "alerts-unsent")) return null;
  const maintenance = maintenanceOf(labels, view, nowMs);
  return maintenance && { by: "maintenance", ...maintenance };
}

/** The alert with what is told of it now. */
function tell(alert: KeptAlert, input: Judging, say: (receiver: string, what: ToldAlert) => void): KeptAlert {
  const { nowMs, rules } = input;
  if (alert.endedAtMs !== null) {
    for (const { receiver, resolves, severity } of alert.told)
      if (resolves && rules.receivers.some(({ id }) => id === receiver))
        say(receiver, asTold({ ...alert, severity }, alert.end === "over" ? "resolved" : "ended"));
    return alert;
  }
  // What flickers is told of while it is there.
  if (alert.missingSinceMs !== null) return alert;
  const told = new Map(alert.told.map((one) => [one.receiver, one]));
  for (const route of rules.routes.filter(({ isOn, matchers }) => isOn && fits(matchers, alert.labels))) {
    const before = told.get(route.receiver);
    const reason = reasonOf(alert, route, before, input);
    if (reason === null) continue;
    const severity = before && !isWorse(alert.severity, before.severity) ? before.severity : alert.severity;
    told.set(route.receiver, { receiver: route.receiver, atMs: nowMs, severity, resolves: route.sendsResolved });
    say(route.receiver, asTold({ ...alert, severity }, reason, reason === "worse" ? (before?.severity ?? null) : null));
  }
  return { ...alert, told: [...told.values()] };
}

function reasonOf(alert: KeptAlert, route: Route, before: KeptAlert["told"][number] | undefined, input: Judging): TellReason | null {
  const { nowMs, rules } = input;
  const receiver = rules.receivers.find(({ id }) => id === route.receiver);
  if (!receiver) return null;
  // Nobody is told by the way that is broken.
  if (alert.labels.rule.includes("alerts-unsent") && alert.finding.endsWith(receiver.id)) return null;
  if (!before) {
    const isDue = nowMs >= alert.openedAtMs + route.waitSeconds * 1_000;
    return isDue && alert.held === null && alert.acknowledged === null ? "new" : null;
  }
  // Somebody at it is still told when it becomes worse.
  if (alert.held === null && isWorse(alert.severity, before.severity)) return "worse";
  if (receiver.settings.kind === "alertmanager") return nowMs >= before.atMs + REFRESH_MS ? "still" : null;
  if (alert.held !== null || alert.acknowledged !== null || route.repeatHours === null) return null;
  return nowMs >= before.atMs + route.repeatHours * HOUR_MS ? "still" : null;
}

function asTold(alert: KeptAlert, reason: TellReason, wasSeverity: ToldAlert["wasSeverity"] = null): ToldAlert {
  const { id, severity, title, why, todo, labels, consequences, sinceMs, endedAtMs, endedBy, end, returns, acknowledged } = alert;
  // As it is told: a receiver knows it by the worst it was told of.
  const words = { id, severity, title, why, todo, labels: { ...labels, severity: [severity] }, consequences };
  return { ...words, reason, wasSeverity, sinceMs, endedAtMs, endedBy, ...(end ? { end } : {}), returns, acknowledged };
}

/** The reason of a finding may tell a time that passes: that alone is nothing to write down. */
function isSame(alert: KeptAlert, before: KeptAlert | undefined): boolean {
  return before !== undefined && JSON.stringify({ ...alert, why: "" }) === JSON.stringify({ ...before, why: "" });
}
