// SPDX-License-Identifier: Apache-2.0
import type {
  Alert,
  AlertEnd,
  AlertLabel,
  AlertList,
  Matcher,
  ReceiverSettings,
  Severity,
  TellReason,
} from "@/agent/protocol/console/alerts";
import type { Worded } from "@/components/ui/StateWord";

export const SEVERITIES: Readonly<Record<Severity, Worded>> = {
  critical: { level: "bad", word: "critical" },
  warning: { level: "risk", word: "warning" },
};

/** By what alerts are told apart, in the order in which they are offered. `hint`: what stands there. */
export const LABELS: readonly (readonly [label: AlertLabel, word: string, hint: string])[] = [
  ["cluster", "Cluster", "san-a"],
  ["environment", "Environment", "PROD"],
  ["severity", "Severity", "critical"],
  ["node", "Node", "ruby, crystal"],
  ["resource", "Mirror or service", "store"],
  ["rule", "Rule", "node-gone"],
  ["finding", "Finding", "node-gone:crystal"],
];

/** The label that was chosen from the list of them. */
export function labelOf(chosen: string): AlertLabel {
  return LABELS.find(([label]) => label === chosen)?.[0] ?? "cluster";
}

/** Another word for each reason that an alert is told. */
export const REASONS: Readonly<Record<TellReason, string>> = {
  new: "new",
  worse: "worse",
  still: "still so",
  resolved: "over",
  ended: "told no more",
  test: "test",
};

type Told = Alert["told"][number];

/** How an alert ended; what is not over is never shown as calm. */
export const ENDS: Readonly<Record<AlertEnd, Worded>> = {
  over: { level: "ok", word: "over" },
  partOf: { level: "absent", word: "told inside another" },
  unwatched: { level: "held", word: "no longer looked for" },
  untrusted: { level: "unknown", word: "no longer known" },
  removed: { level: "absent", word: "no longer looked at" },
  meant: { level: "held", word: "left so" },
};

/** What was made for a receiver and not taken by it: nobody there was told. */
export const REACHES: Readonly<Record<NonNullable<Told["reach"]>, Worded>> = {
  waits: { level: "risk", word: "not taken yet" },
  givenUp: { level: "bad", word: "given up" },
};

/** "chat", "mail (not taken yet)". */
export function sayTold({ receiver, reach }: Told): string {
  return reach ? `${receiver} (${REACHES[reach].word})` : receiver;
}

/** Those that somebody has to look at first: critical before warning, the newest first; what is quiet comes last. */
export function byUrgency(alerts: AlertList["alerts"]): AlertList["alerts"] {
  const rank = ({ severity, acknowledged, held }: Alert) => (acknowledged || held ? 2 : 0) + (severity === "critical" ? 0 : 1);
  return [...alerts].sort((a, b) => rank(a) - rank(b) || b.openedAtMs - a.openedAtMs);
}

/** A matcher while it is being typed. */
export interface MatcherDraft {
  label: AlertLabel;
  isNot: boolean;
  text: string;
}

export function draftOf(matchers: readonly Matcher[]): MatcherDraft[] {
  return matchers.map(({ label, isNot, values }) => ({ label, isNot, text: values.join(", ") }));
}

/** What was typed, as it is asked for; an empty line is none. */
export function matchersFrom(rows: readonly MatcherDraft[]): Matcher[] {
  return rows.flatMap(({ label, isNot, text }) => {
    const values = text
      .split(",")
      .map((value) => value.trim())
      .filter((value) => value !== "");
    return values.length === 0 ? [] : [{ label, isNot, values }];
  });
}

/** "cluster is san-a, severity is not warning": all of it must fit. */
export function sayMatchers(matchers: readonly Matcher[]): string {
  if (matchers.length === 0) return "every alert";
  return matchers
    .map(({ label, isNot, values }) => {
      const word = LABELS.find(([one]) => one === label)?.[1] ?? label;
      return `${word.toLowerCase()} ${isNot ? "is not" : "is"} ${values.join(" or ")}`;
    })
    .join(", ");
}

/** What a silence of one alert names. */
export function matchersOf(cluster: string, finding: string): Matcher[] {
  return [
    { label: "cluster", isNot: false, values: [cluster] },
    { label: "finding", isNot: false, values: [finding] },
  ];
}

export const KINDS: Readonly<Record<ReceiverSettings["kind"], string>> = {
  webhook: "Webhook",
  alertmanager: "Alertmanager",
  mail: "Mail",
};

/** Where a receiver is, in a line. */
export function placeOf(settings: ReceiverSettings): string {
  return settings.kind === "mail" ? `${settings.to.join(", ")} by ${settings.host}:${settings.port}` : settings.url;
}
