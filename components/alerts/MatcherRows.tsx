// SPDX-License-Identifier: Apache-2.0
"use client";

import { Button } from "@/components/ui/Button";
import { LABELS, labelOf, type MatcherDraft } from "./words";

interface MatcherRowsProps {
  rows: readonly MatcherDraft[];
  onChange: (rows: MatcherDraft[]) => void;
}

/** What an alert must be, word by word; all of it must fit. */
export function MatcherRows({ rows, onChange }: MatcherRowsProps) {
  const put = (index: number, part: Partial<MatcherDraft>) => onChange(rows.map((row, at) => (at === index ? { ...row, ...part } : row)));
  return (
    <fieldset className="matchers">
      <legend>Alerts</legend>
      {rows.length === 0 && <p className="d3 s12">Every alert. Add a word to narrow it.</p>}
      {rows.map((row, index) => {
        const [, word, hint] = LABELS.find(([label]) => label === row.label) ?? LABELS[0] ?? ["cluster", "", ""];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is known by its place, nothing else in it stays
          <p key={index} className="matcher">
            <select
              aria-label={`Word ${index + 1}`}
              value={row.label}
              onChange={(event) => put(index, { label: labelOf(event.target.value) })}
            >
              {LABELS.map(([label, name]) => (
                <option key={label} value={label}>
                  {name}
                </option>
              ))}
            </select>
            <select
              aria-label={`${word}: is, or is not`}
              value={row.isNot ? "not" : ""}
              onChange={(event) => put(index, { isNot: event.target.value === "not" })}
            >
              <option value="">is</option>
              <option value="not">is not</option>
            </select>
            <input
              aria-label={`${word}, of several any`}
              value={row.text}
              placeholder={hint}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              onChange={(event) => put(index, { text: event.target.value })}
            />
            <Button small aria-label={`Take out ${word}`} onClick={() => onChange(rows.filter((_, at) => at !== index))}>
              Take out
            </Button>
          </p>
        );
      })}
      <p>
        <Button small onClick={() => onChange([...rows, { label: "cluster", isNot: false, text: "" }])}>
          Add a word
        </Button>
      </p>
    </fieldset>
  );
}
