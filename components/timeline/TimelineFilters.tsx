// SPDX-License-Identifier: Apache-2.0
"use client";
import { type FormEvent, useId } from "react";
import { readForm } from "@/components/session/read-form";
import { Button } from "@/components/ui/Button";
import { Choice } from "@/components/ui/Choice";
import { Field } from "@/components/ui/Field";
import { GROUPS, isNarrowed, KIND_NAMES, KINDS, LEVEL_GROUPS, type Narrowed } from "./shown";

interface TimelineFiltersProps {
  narrowed: Narrowed;
  nodes: readonly string[];
  resources: readonly string[];
  onNarrow: (next: Narrowed) => void;
}

export function TimelineFilters({ narrowed, nodes, resources, onNarrow }: TimelineFiltersProps) {
  const id = useId();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onNarrow({ ...narrowed, text: readForm(event.currentTarget)("text").trim() });
  };
  const toggled = (kind: Narrowed["what"][number]) =>
    narrowed.what.includes(kind) ? narrowed.what.filter((one) => one !== kind) : [...narrowed.what, kind];
  return (
    <form className="tl-filters" aria-label="Narrow the timeline" onSubmit={submit}>
      <fieldset>
        <legend>Kinds</legend>
        <p>
          {KIND_NAMES.map((kind) => (
            <label key={kind}>
              <input
                type="checkbox"
                checked={narrowed.what.includes(kind)}
                onChange={() => onNarrow({ ...narrowed, what: toggled(kind) })}
              />
              {KINDS[kind]}
            </label>
          ))}
        </p>
      </fieldset>
      <Choice
        label="Level"
        value={narrowed.levels}
        onChange={({ target }) => onNarrow({ ...narrowed, levels: LEVEL_GROUPS.find((group) => group === target.value) ?? "" })}
      >
        <option value="">any</option>
        {LEVEL_GROUPS.map((group) => (
          <option key={group} value={group}>
            {GROUPS[group].name}
          </option>
        ))}
      </Choice>
      <Choice label="Node" value={narrowed.node} onChange={({ target }) => onNarrow({ ...narrowed, node: target.value })}>
        <Names names={nodes} chosen={narrowed.node} />
      </Choice>
      <Choice label="Resource" value={narrowed.resource} onChange={({ target }) => onNarrow({ ...narrowed, resource: target.value })}>
        <Names names={resources} chosen={narrowed.resource} />
      </Choice>
      <Field
        key={narrowed.text}
        label="Words"
        name="text"
        id={id}
        defaultValue={narrowed.text}
        maxLength={200}
        autoComplete="off"
        placeholder="in what is said"
      />
      <p className="acts">
        <Button type="submit">Find</Button>
        {isNarrowed(narrowed) && (
          <Button onClick={() => onNarrow({ what: [], levels: "", node: "", resource: "", text: "" })}>Show all</Button>
        )}
      </p>
    </form>
  );
}

/** All there are now, and the one that was chosen, which may be gone since. */
function Names({ names, chosen }: { names: readonly string[]; chosen: string }) {
  const all = chosen === "" || names.includes(chosen) ? names : [...names, chosen].sort();
  return (
    <>
      <option value="">any</option>
      {all.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </>
  );
}
