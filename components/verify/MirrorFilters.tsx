// SPDX-License-Identifier: Apache-2.0
"use client";
import type { FormEvent } from "react";
import { readForm } from "@/components/session/read-form";
import { Button } from "@/components/ui/Button";
import { Choice } from "@/components/ui/Choice";
import { Field } from "@/components/ui/Field";
import { STATES, type VerifyFilter } from "./verify-filter";

interface MirrorFiltersProps {
  clusters: readonly { slug: string; title: string }[];
  filter: VerifyFilter;
  onFilter: (filter: VerifyFilter) => void;
}

export function MirrorFilters({ clusters, filter, onFilter }: MirrorFiltersProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const of = readForm(event.currentTarget);
    onFilter({ cluster: of("cluster"), state: of("state"), text: of("text").trim() });
  };
  return (
    <form className="audit-filters" aria-label="Narrow the mirrors" onSubmit={submit}>
      <Choice label="Cluster" name="cluster" defaultValue={filter.cluster}>
        <option value="">all</option>
        {clusters.map(({ slug, title }) => (
          <option key={slug} value={slug}>
            {title}
          </option>
        ))}
      </Choice>
      <Choice label="State" name="state" defaultValue={filter.state}>
        <option value="">any</option>
        {Object.entries(STATES).map(([state, word]) => (
          <option key={state} value={state}>
            {word}
          </option>
        ))}
      </Choice>
      <Field label="Name" name="text" defaultValue={filter.text} autoComplete="off" spellCheck={false} placeholder="a part of it" />
      <Button type="submit">Filter</Button>
    </form>
  );
}
