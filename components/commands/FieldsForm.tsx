// SPDX-License-Identifier: Apache-2.0
"use client";
import { type FormEvent, useState } from "react";
import type { OfferField } from "@/agent/protocol/console/commands";
import type { Ask } from "@/agent/protocol/console/runs";
import { useClockText, useLiveValue } from "@/components/live/use-live";
import { readForm } from "@/components/session/read-form";
import { Button } from "@/components/ui/Button";
import { Choice } from "@/components/ui/Choice";
import { Field } from "@/components/ui/Field";
import { formatDuration, formatWhen } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { LENGTHS, valueFrom } from "./fields";

interface FieldsFormProps {
  does: string;
  fields: readonly OfferField[];
  onAsk: (form: Ask["args"]) => void;
  onCancel: () => void;
}

/** What a command still has to be told. It leads to the preview, and does nothing yet. */
export function FieldsForm({ does, fields, onAsk, onCancel }: FieldsFormProps) {
  const { store } = useLiveValue();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const of = readForm(event.currentTarget);
    const told = fields.flatMap((field) => {
      const value = valueFrom(field, of(field.name), store.nowMs());
      return value === undefined ? [] : [[field.name, value] as const];
    });
    onAsk(Object.fromEntries(told));
  };
  return (
    <form className="cmd-form" method="post" onSubmit={submit} aria-label="What it still needs">
      <div className="cmd-body">
        <p className="d2">{does}</p>
        {fields.map((field) => (
          <OneField key={field.name} field={field} />
        ))}
      </div>
      <footer className="cmd-foot">
        <p className="d3">Nothing is done before you have seen the preview.</p>
        <div className="cmd-acts">
          <Button onClick={onCancel}>Cancel</Button>
          <Button type="submit" prime>
            Preview
          </Button>
        </div>
      </footer>
    </form>
  );
}

function OneField({ field }: { field: OfferField }) {
  const { name, label, kind, isRequired } = field;
  switch (kind) {
    case "choice":
      return <Choices field={field} />;
    case "text":
      return <Field label={isRequired ? label : `${label} (may be left empty)`} name={name} required={isRequired} maxLength={500} />;
    case "until":
      return <Until field={field} />;
    case "flag":
      return (
        <p className="check">
          <label>
            <input type="checkbox" name={name} value="on" /> {label}
          </label>
        </p>
      );
  }
}

/** One of a few, a refused one in its place with its reason. */
function Choices({ field: { name, label, choices, isRequired } }: { field: OfferField }) {
  const first = choices.find(({ refusal }) => refusal === null)?.value;
  return (
    <fieldset className="choices">
      <legend>{label}</legend>
      {choices.map(({ value, label: word, refusal }) => (
        <label key={value} className={refusal === null ? "" : "is-refused"}>
          <input
            type="radio"
            name={name}
            value={value}
            required={isRequired}
            defaultChecked={value === first}
            disabled={refusal !== null}
          />
          <span>
            <b>{word}</b>
            {refusal !== null && (
              <small>
                <Icon shape="stop" /> {refusal}
              </small>
            )}
          </span>
        </label>
      ))}
      {first === undefined && <p className="risk">None of them can be chosen now.</p>}
    </fieldset>
  );
}

/** When something ends: as a length, with the clock time that it comes to, by the console's clock. */
function Until({ field: { name, label, isRequired } }: { field: OfferField }) {
  const [minutes, setMinutes] = useState(isRequired ? "60" : "");
  const end = useClockText(({ nowMs, zone }) => (minutes === "" ? "" : formatWhen(nowMs + Number(minutes) * 60_000, nowMs, zone)));
  return (
    <Choice
      label={label}
      name={name}
      value={minutes}
      onChange={(event) => setMinutes(event.target.value)}
      hint={end === "" ? "It does not end by itself." : `At ${end}, by the console's clock.`}
    >
      {!isRequired && <option value="">no end</option>}
      {LENGTHS.map((length) => (
        <option key={length} value={length}>
          in {sayLength(length)}
        </option>
      ))}
    </Choice>
  );
}

function sayLength(minutes: number): string {
  return minutes < 60
    ? `${minutes}\u00a0min`
    : minutes === 1_440
      ? "a day"
      : formatDuration(minutes * 60_000).replace(/\u00a000\u00a0min$/, "");
}
