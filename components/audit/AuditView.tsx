// SPDX-License-Identifier: Apache-2.0
"use client";
import type { UserRole } from "@/agent/protocol/console/api";
import type { AuditRow } from "@/agent/protocol/console/commands";
import { Refusal } from "@/components/ask/Refusal";
import { Button } from "@/components/ui/Button";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { EmptyState } from "@/components/ui/EmptyState";
import { AuditFilters } from "./AuditFilters";
import { AuditLine } from "./AuditLine";
import { type AuditFilter, isNarrowed, writeFilter } from "./audit-filter";
import { ChainCheck } from "./ChainCheck";

export interface AuditViewProps {
  slug: string | null;
  clusters: readonly { slug: string; title: string }[];
  userRole: UserRole;
  filter: AuditFilter;
  /** Newest first; null while the console has not answered. */
  rows: readonly AuditRow[] | null;
  error: Error | null;
  /** Older ones; null: there are none. */
  more: { isAsking: boolean; onMore: () => void } | null;
  /** The run whose row is open. */
  open: string | null;
  onFilter: (filter: AuditFilter) => void;
  onOpen: (run: string | null) => void;
}

/** Who asked for what, and what became of it: every command since this console began, refused ones too. */
export function AuditView(props: AuditViewProps) {
  const { slug, clusters, userRole, filter, rows, error, more, open, onFilter, onOpen } = props;
  const title = slug === null ? "Audit of all clusters" : `Audit of ${clusters.find((one) => one.slug === slug)?.title ?? slug}`;
  return (
    <main className="audit">
      <header>
        <div>
          <h1>{title}</h1>
          <p className="d2">
            Every command that was confirmed, with who, why and what became of it. Nothing here can be changed or removed.
          </p>
        </div>
        <p className="acts">
          <a className="btn s" href={`/api/v1/audit/export?${writeFilter(filter, { format: "jsonl" })}`} download>
            Export JSON Lines
          </a>
          <a className="btn s" href={`/api/v1/audit/export?${writeFilter(filter, { format: "csv" })}`} download>
            Export CSV
          </a>
        </p>
      </header>
      <ChainCheck userRole={userRole} />
      <AuditFilters
        key={writeFilter(filter)}
        isOfAll={slug === null}
        clusters={clusters}
        filter={filter}
        rows={rows ?? []}
        onFilter={onFilter}
      />
      <Refusal error={error} />
      {rows === null && !error && (
        <p role="status" className="d3 remark">
          asking the console
        </p>
      )}
      {rows?.length === 0 &&
        (isNarrowed(filter) ? (
          <EmptyState title="No command fits these filters">
            <p>
              <Button small onClick={() => onFilter({ ...filter, by: "", verb: "", outcome: "" })}>
                Show all
              </Button>
            </p>
          </EmptyState>
        ) : (
          <EmptyState title="No command was confirmed yet">
            <p>From the first one on they are all kept here: also those that were refused at the last moment, and those that failed.</p>
          </EmptyState>
        ))}
      {rows !== null && rows.length > 0 && (
        <table className="cards audit-rows">
          <caption className="sr">Commands, newest first</caption>
          <ColumnHeads names={["When", "Who", "What", "Outcome", "How long"]} acts />
          <tbody>
            {rows.map((row) => (
              <AuditLine
                key={row.run}
                row={row}
                isOfAll={slug === null}
                isThere={clusters.some((one) => one.slug === row.cluster)}
                isOpen={row.run === open}
                onToggle={() => onOpen(row.run === open ? null : row.run)}
              />
            ))}
          </tbody>
        </table>
      )}
      {more && (
        <p className="acts">
          <Button onClick={more.onMore} disabled={more.isAsking}>
            {more.isAsking ? "asking the console" : "Older ones"}
          </Button>
        </p>
      )}
    </main>
  );
}
