// SPDX-License-Identifier: Apache-2.0
"use client";
import { useState } from "react";
import type { Matcher, NewSilence } from "@/agent/protocol/console/alerts";
import { LENGTHS } from "@/components/commands/fields";
import { useClockText, useLiveValue } from "@/components/live/use-live";
import { ActDialog } from "@/components/settings/ActDialog";
import { Choice } from "@/components/ui/Choice";
import { Field } from "@/components/ui/Field";
import { formatDuration, formatWhen } from "@/components/ui/format";
import { MatcherRows } from "./MatcherRows";
import { draftOf, matchersFrom, sayMatchers } from "./words";

interface SilenceDialogProps {
  title: string;
  /** What it is about, where that is known; null: it is to be said. */
  matchers: readonly Matcher[] | null;
  onSilence: (wanted: NewSilence) => Promise<unknown>;
  onClose: () => void;
}

/** What is to be quiet, until when, and why: none of the three can be left out. */
export function SilenceDialog({ title, matchers, onSilence, onClose }: SilenceDialogProps) {
  const { store } = useLiveValue();
  const [minutes, setMinutes] = useState(60);
  const [rows, setRows] = useState(draftOf(matchers ?? []));
  const end = useClockText(({ nowMs, zone }) => formatWhen(nowMs + minutes * 60_000, nowMs, zone));
  const save = (form: (name: string) => string) => {
    const wanted = matchers === null ? matchersFrom(rows) : [...matchers];
    if (wanted.length === 0) return Promise.reject(new Error("Say what is to be quiet: a silence of everything is none."));
    return onSilence({ matchers: wanted, reason: form("reason"), endsAtMs: Math.round(store.nowMs()) + minutes * 60_000 });
  };
  return (
    <ActDialog title={title} verb="Silence it" onAct={save} onClose={onClose}>
      <p className="d2">Nobody is told of it until the end. It still stands on every page, and everybody sees who silenced it and why.</p>
      {matchers === null ? <MatcherRows rows={rows} onChange={setRows} /> : <p className="d3 s12">{sayMatchers(matchers)}</p>}
      <Choice
        label="Until"
        value={minutes}
        onChange={(event) => setMinutes(Number(event.target.value))}
        hint={`At ${end}, by the console's clock. What is still so then is told.`}
      >
        {LENGTHS.map((length) => (
          <option key={length} value={length}>
            in {formatDuration(length * 60_000).replace(/\u00a000\u00a0min$/, "")}
          </option>
        ))}
      </Choice>
      <Field label="Why" name="reason" required minLength={3} maxLength={200} autoComplete="off" hint="The switch is being replaced" />
    </ActDialog>
  );
}
