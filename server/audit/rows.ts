// SPDX-License-Identifier: Apache-2.0
import type { AuditRow } from "@/agent/protocol/console/commands";
import { decodeJson } from "@/agent/protocol/decode";
import { BODIES } from "./bodies";
import type { AuditEntry } from "./chain";

/** What became of one command, from its entries in the order of the chain. Null when they do not begin with one that fits. */
export function rowOf(entries: readonly AuditEntry[]): AuditRow | null {
  const [first] = entries;
  if (!first) return null;
  const begun = decodeJson(first.kind === "refused" ? BODIES.refused : BODIES.opened, first.body);
  if (!begun.ok) return null;
  const { ask, title, by, from, reason, accepted, effects, findings, commands } = begun.value;
  const row: AuditRow = {
    run: first.runId,
    cluster: first.cluster,
    ask,
    title,
    by,
    from,
    openedAtMs: first.atMs,
    closedAtMs: first.kind === "refused" ? first.atMs : null,
    outcome: first.kind === "refused" ? "refused" : null,
    says: "says" in begun.value && typeof begun.value.says === "string" ? begun.value.says : null,
    reason,
    accepted,
    effects,
    findings,
    commands,
    output: "",
    phases: [],
    entries: entries.map(({ seq, hash, kind, atMs }) => ({ seq, hash, kind, atMs })),
  };
  return entries.slice(1).reduce(withEntry, row);
}

function withEntry(row: AuditRow, { kind, body, atMs }: AuditEntry): AuditRow {
  if (kind === "step") {
    const step = decodeJson(BODIES.step, body);
    if (!step.ok) return row;
    const said = [step.value.output, step.value.error].filter(Boolean).join("\n");
    return { ...row, output: [row.output, said].filter(Boolean).join("\n").slice(0, MAX_OUTPUT) };
  }
  if (kind === "closed") {
    const closed = decodeJson(BODIES.closed, body);
    return closed.ok ? { ...row, ...closed.value, closedAtMs: atMs } : row;
  }
  const resolved = kind === "resolved" ? decodeJson(BODIES.resolved, body) : null;
  return resolved?.ok ? { ...row, ...resolved.value } : row;
}
const MAX_OUTPUT = 16_000;
