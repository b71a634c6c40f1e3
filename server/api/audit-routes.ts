// SPDX-License-Identifier: Apache-2.0
import { stream } from "hono/streaming";
import type { AuditExportEnd, AuditRow } from "@/agent/protocol/console/commands";
import type { AuditFilter } from "@/server/audit/audit";
import type { ApiContext, Route } from "./routes";

function filterOf(c: ApiContext): AuditFilter {
  const ask = (name: string) => c.req.query(name) || null;
  return { cluster: ask("cluster"), by: ask("by"), verb: ask("verb"), outcome: ask("outcome") };
}

const COLUMNS = [
  "openedAt",
  "closedAt",
  "cluster",
  "verb",
  "title",
  "by",
  "from",
  "outcome",
  "says",
  "reason",
  "accepted",
  "commands",
  "seq",
  "hash",
];

/** One row as CSV, or the end. A cell that a spreadsheet would take for a formula begins with an apostrophe. */
function csvLine(row: AuditRow | AuditExportEnd): string {
  const cells = "end" in row ? endCells(row) : cellsOf(row);
  return cells.map((cell) => `"${cell.replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`).join(",");
}

function endCells({ end: { rows, head } }: AuditExportEnd): string[] {
  const known: Record<string, string> = { openedAt: "end", title: `${rows} rows`, seq: String(head?.seq ?? ""), hash: head?.hash ?? "" };
  return COLUMNS.map((column) => known[column] ?? "");
}

function cellsOf(row: AuditRow): string[] {
  const when = (ms: number | null) => (ms === null ? "" : new Date(ms).toISOString());
  const last = row.entries.at(-1);
  return [
    when(row.openedAtMs),
    when(row.closedAtMs),
    row.cluster,
    row.ask.verb,
    row.title,
    row.by,
    row.from ?? "",
    row.outcome ?? "",
    row.says ?? "",
    row.reason ?? "",
    row.accepted.join(" "),
    row.commands.join("; "),
    String(last?.seq ?? ""),
    last?.hash ?? "",
  ];
}

export const auditRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/audit",
    needs: "viewer",
    async handle(c, deps) {
      const before = Number(c.req.query("before"));
      return c.json(await deps.audit.page(filterOf(c), Number.isInteger(before) && before > 0 ? before : null));
    },
  },
  {
    method: "GET",
    path: "/api/v1/audit/export",
    needs: "viewer",
    async handle(c, deps) {
      const isCsv = c.req.query("format") === "csv";
      c.header("Content-Type", isCsv ? "text/csv; charset=utf-8" : "application/x-ndjson");
      c.header("Content-Disposition", `attachment; filename="quarterdeck-audit.${isCsv ? "csv" : "jsonl"}"`);
      return stream(c, async (out) => {
        if (isCsv) await out.writeln(COLUMNS.join(","));
        for await (const row of deps.audit.exported(filterOf(c))) await out.writeln(isCsv ? csvLine(row) : JSON.stringify(row));
      });
    },
  },
  {
    method: "GET",
    path: "/api/v1/audit/verify",
    needs: "admin",
    async handle(c, deps) {
      return c.json(await deps.audit.verify(c.req.query("agents") === "1"));
    },
  },
];
