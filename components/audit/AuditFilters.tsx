// SPDX-License-Identifier: Apache-2.0
"use client";
import { type FormEvent, useId } from "react";
import type { AuditRow } from "@/agent/protocol/console/commands";
import { OUTCOME_NAMES, OUTCOMES } from "@/components/commands/outcome";
import { readForm } from "@/components/session/read-form";
import { Button } from "@/components/ui/Button";
import { Choice } from "@/components/ui/Choice";
import { Field } from "@/components/ui/Field";
import type { AuditFilter } from "./audit-filter";

interface AuditFiltersProps {
  isOfAll: boolean;
  clusters: readonly { slug: string; title: string }[];
  filter: AuditFilter;
  /** What is listed: its names are offered. */
  rows: readonly AuditRow[];
  onFilter: (filter: AuditFilter) => void;
}

export function AuditFilters({ isOfAll, clusters, filter, rows, onFilter }: AuditFiltersProps) {
  const id = useId();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const of = readForm(event.currentTarget);
    onFilter({ cluster: isOfAll ? of("cluster") : filter.cluster, by: of("by").trim(), verb: of("verb").trim(), outcome: of("outcome") });
  };
  return (
    <form className="audit-filters" aria-label="Narrow the audit" onSubmit={submit}>
      {isOfAll && (
        <Choice label="Cluster" name="cluster" defaultValue={filter.cluster}>
          <option value="">all</option>
          {clusters.map(({ slug, title }) => (
            <option key={slug} value={slug}>
              {title}
            </option>
          ))}
        </Choice>
      )}
      <Field label="Who" name="by" defaultValue={filter.by} list={`${id}by`} autoComplete="off" placeholder="anybody" />
      <Names id={`${id}by`} names={rows.map(({ by }) => by)} />
      <Field label="Command" name="verb" defaultValue={filter.verb} list={`${id}verb`} autoComplete="off" placeholder="node.standby" />
      <Names id={`${id}verb`} names={rows.map(({ ask }) => ask.verb)} />
      <Choice label="Outcome" name="outcome" defaultValue={filter.outcome}>
        <option value="">any</option>
        {OUTCOME_NAMES.map((outcome) => (
          <option key={outcome} value={outcome}>
            {OUTCOMES[outcome].word}
          </option>
        ))}
      </Choice>
      <Button type="submit">Filter</Button>
    </form>
  );
}

function Names({ id, names }: { id: string; names: readonly string[] }) {
  return (
    <datalist id={id}>
      {[...new Set(names)].sort().map((name) => (
        <option key={name} value={name} />
      ))}
    </datalist>
  );
}
