// SPDX-License-Identifier: Apache-2.0
import type { Severity } from "@/agent/protocol/console/alerts";
import type { Level } from "@/agent/protocol/console/view";

const SEVERITIES: Readonly<Record<Level, Severity | null>> = {
  bad: "critical",
  risk: "warning",
  differs: "warning",
  // Silence and what cannot be judged are not calm.
  old: "warning",
  unknown: "warning",
  // Meant so, or passing by itself.
  held: null,
  busy: null,
  ok: null,
  absent: null,
};

/** How urgent a finding of this level is to somebody who is not looking; null: nobody is told. */
export function severityOf(level: Level): Severity | null {
  return SEVERITIES[level];
}

const RANKS: Readonly<Record<Severity, number>> = { warning: 1, critical: 2 };

export function isWorse(severity: Severity, than: Severity): boolean {
  return RANKS[severity] > RANKS[than];
}

export function worst(severities: readonly Severity[]): Severity {
  return severities.includes("critical") ? "critical" : "warning";
}
