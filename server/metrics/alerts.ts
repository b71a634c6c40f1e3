// SPDX-License-Identifier: Apache-2.0
import type { Severity } from "@/agent/protocol/console/alerts";
import { counter, type Family, gauge, type Sample } from "./define";

const open = gauge("quarterdeck_alerts_open", "Alerts that last, whether somebody is told of them now or not", ["cluster", "severity"]);
const quiet = gauge(
  "quarterdeck_alerts_quiet",
  "Of those the ones nobody is told of now: acknowledged, or held by a silence or a maintenance",
  ["cluster", "by"],
);
const unsent = gauge("quarterdeck_alerts_unsent", "Messages that wait for the receiver", ["receiver"]);
const oldest = gauge("quarterdeck_alerts_oldest_unsent_seconds", "How long the oldest of them waits; no sample where none does", [
  "receiver",
]);
const failing = gauge(
  "quarterdeck_alerts_receiver_failing",
  "1: it did not take a message twice, or one was given up and nothing was taken since",
  ["receiver"],
);
const sent = counter("quarterdeck_alerts_sent_total", "Messages that the receiver took since the console was started", ["receiver"]);
const failed = counter("quarterdeck_alerts_failed_total", "Attempts that it did not take since then; each message has several", [
  "receiver",
]);
const givenUp = counter("quarterdeck_alerts_given_up_total", "Messages given up since then: nobody will be told of these", ["receiver"]);

/** What alerts and their messages come to at a moment. There are at most 50 receivers. */
export interface AlertsNow {
  clusters: readonly {
    cluster: string;
    severities: Readonly<Record<Severity, number>>;
    quiet: Readonly<Record<"acknowledgement" | "silence" | "maintenance", number>>;
  }[];
  receivers: readonly {
    /** As people call it: no two have one name. */
    name: string;
    waiting: number;
    oldestAtMs: number | null;
    isFailing: boolean;
    sent: number;
    failed: number;
    givenUp: number;
  }[];
}

export const ALERTS: { title: string; families: readonly Family[] } = {
  title: "Alerts",
  families: [open, quiet, unsent, oldest, failing, sent, failed, givenUp],
};

export function alertSamples({ clusters, receivers }: AlertsNow, nowMs: number): Sample[] {
  return [
    ...clusters.flatMap(({ cluster, severities, quiet: by }) => [
      ...Object.entries(severities).flatMap(([severity, count]) => open.of({ cluster, severity }, count)),
      ...Object.entries(by).flatMap(([why, count]) => quiet.of({ cluster, by: why }, count)),
    ]),
    ...receivers.flatMap(({ name: receiver, ...one }) => [
      ...unsent.of({ receiver }, one.waiting),
      ...oldest.of({ receiver }, one.oldestAtMs === null ? null : Math.max(0, nowMs - one.oldestAtMs) / 1_000),
      ...failing.of({ receiver }, one.isFailing),
      ...sent.of({ receiver }, one.sent),
      ...failed.of({ receiver }, one.failed),
      ...givenUp.of({ receiver }, one.givenUp),
    ]),
  ];
}
