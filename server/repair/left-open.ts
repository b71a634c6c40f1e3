// SPDX-License-Identifier: Apache-2.0
import type { AuditRow } from "@/agent/protocol/console/commands";
import type { Run } from "@/agent/protocol/console/runs";
import { rowOf } from "@/server/audit/rows";
import type { AuditRecords } from "@/server/db/audit";
import { REPAIR_VERBS, repairOfRun } from "./runs";

/** A repair that was begun longer ago is told by the state of the mirror alone. */
const LOOKS_BACK_MS = 30 * 86_400_000;
const BATCH = 200;

/**
 * What an earlier life of this console disconnected for a repair, and did not connect again: one run for each, as the audit has it. Whether
 * it still is so the view says.
 */
export async function leftOpenBefore(records: AuditRecords, nowMs: number): Promise<{ slug: string; run: Run }[]> {
  const found: { slug: string; run: Run }[] = [];
  const settled = new Set<string>();
  for (let before: number | null = null; ; ) {
    const begun = await records.beginnings(before, null, BATCH);
    const entries = await records.ofRuns(begun.map(({ runId }) => runId));
    for (const { runId, cluster } of begun) {
      const row = rowOf(entries.filter((entry) => entry.runId === runId));
      if (!row || row.outcome === "refused" || row.closedAtMs === null) continue;
      const run = runOf(row);
      const of = repairOfRun(run);
      if (!of || (of.step === "connect" && run.outcome !== "done")) continue;
      const { resource, from, to } = of.ask;
      const line = JSON.stringify([cluster, resource, from, to]);
      // The newest word on a line is the one that counts.
      if (settled.has(line)) continue;
      settled.add(line);
      if (run.ask.verb === REPAIR_VERBS.disconnect) found.push({ slug: cluster, run });
    }
    const last = begun.at(-1);
    if (!last || begun.length < BATCH || nowMs - last.atMs > LOOKS_BACK_MS) return found;
    before = last.seq;
  }
}

function runOf({ run, ask, title, by, openedAtMs, closedAtMs, phases, outcome, says }: AuditRow): Run {
  const about = typeof ask.args.resource === "string" ? [`mirror:${ask.args.resource}/${String(ask.args.volume)}`] : [];
  return {
    id: run,
    ask,
    title,
    about,
    by,
    isDisruptive: true,
    startedAtMs: openedAtMs,
    endedAtMs: closedAtMs,
    phases,
    outcome,
    says,
    undo: null,
  };
}
