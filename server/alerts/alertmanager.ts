// SPDX-License-Identifier: Apache-2.0
import type { MessageBody, ToldAlert } from "./state";
import { endWord, pageOf } from "./words";

/** Until then Alertmanager keeps an alert that it does not hear of again; it is told again every four hours (judge.ts). */
const KEPT_MS = 24 * 3_600_000;

/**
 * The body of `POST /api/v2/alerts`. Labels are an alert's identity there: one that got worse is another one, and the first is over.
 * Source: https://github.com/prometheus/alertmanager/blob/v0.25.0/api/v2/openapi.yaml (postableAlerts)
 */
export function alertmanagerBody(message: MessageBody, publicUrl: string | null): string {
  const page = pageOf(publicUrl, message);
  return JSON.stringify(
    message.alerts.flatMap((alert) => {
      const own = { ...postable(alert, message.atMs), ...(page === null ? {} : { generatorURL: page }) };
      if (alert.wasSeverity === null) return [own];
      const before = { ...own, labels: { ...own.labels, severity: alert.wasSeverity }, endsAt: iso(message.atMs) };
      return [before, own];
    }),
  );
}

function postable(alert: ToldAlert, atMs: number) {
  const { labels, severity, title, why, todo, consequences, sinceMs, endedAtMs, reason } = alert;
  const first = { alertname: labels.rule[0] ?? "", cluster: labels.cluster[0] ?? "", finding: labels.finding[0] ?? "" };
  const more = { environment: labels.environment[0] ?? "", severity };
  // A receiver behind it calls everything resolved that has an end: what is not known to be over says so in its own words.
  const notes = reason === "ended" ? ended(alert) : { summary: title, description: why, todo: todo ?? "" };
  return {
    labels: filled({ ...first, ...more }),
    annotations: filled({
      ...notes,
      consequences: consequences.join("; "),
      nodes: labels.node.join(", "),
      resources: labels.resource.join(", "),
    }),
    startsAt: iso(sinceMs),
    endsAt: iso(endWord(alert) !== null ? (endedAtMs ?? atMs) : atMs + KEPT_MS),
  };
}

function ended(alert: ToldAlert): Record<string, string> {
  const word = endWord(alert) ?? "";
  return { summary: `${word.slice(0, 1).toUpperCase()}${word.slice(1)}: ${alert.title}`, description: alert.endedBy ?? "" };
}

/** Nodes and resources may change while an alert lasts, so they are no labels there. */
function filled(all: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(all).filter(([, text]) => text !== ""));
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
