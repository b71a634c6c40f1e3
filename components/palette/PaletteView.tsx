// SPDX-License-Identifier: Apache-2.0
"use client";
import { type KeyboardEvent, useId, useState } from "react";
import { Keys } from "@/components/ui/Keys";
import { groupsOf } from "./groups";
import { Options } from "./Options";
import type { Row } from "./place";
import { type Around, wordsOf } from "./rank";

interface PaletteViewProps {
  /** Null while the console has not answered yet. */
  rows: readonly Row[] | null;
  /** Why what is in the clusters cannot be offered; the console's own pages still are. */
  trouble: string | null;
  around: Around;
  typed?: string;
  /** Told of what is typed: what fits it is asked for. */
  onQuery?: (query: string) => void;
  onOpen: (row: Row) => void;
  onHelp: () => void;
}

/** A line to type in, and what fits, as a list that the arrow keys walk while the focus stays in the line. */
export function PaletteView({ rows, trouble, around, typed = "", onQuery, onOpen, onHelp }: PaletteViewProps) {
  const [query, setQuery] = useState(typed);
  const [active, setActive] = useState(0);
  const id = useId();
  const groups = groupsOf(rows ?? [], query, around);
  const shown = groups.flatMap((group) => group.rows);
  const found = groups.reduce((sum, group) => sum + group.rows.length + group.more, 0);
  const at = Math.min(active, shown.length - 1);
  const chosen = shown[at];
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step !== undefined && shown.length > 0) {
      event.preventDefault();
      // One beyond either end is the other end.
      setActive((at + step + shown.length) % shown.length);
    } else if (event.key === "Enter" && chosen && !event.nativeEvent.isComposing) {
      event.preventDefault();
      onOpen(chosen);
    }
  };
  return (
    <>
      <div className="pal-in">
        <input
          role="combobox"
          aria-label="Go to"
          aria-expanded={shown.length > 0}
          aria-controls={`${id}list`}
          aria-activedescendant={chosen && `${id}${at}`}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          placeholder="Name, state or command"
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            onQuery?.(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
        <span role="status" className="d3 s12">
          {rows === null ? "asking the console" : sayFound(found, query, around)}
        </span>
      </div>
      {trouble && (
        <p role="alert" className="pal-says">
          {trouble}
        </p>
      )}
      <Options id={id} groups={groups} at={at} words={wordsOf(query)} onPoint={setActive} onOpen={onOpen} />
      {rows !== null && shown.length === 0 && (
        <p className="pal-says">
          Nothing here is called that, and nothing is in that state. Names may be shortened, words stand in any order.
        </p>
      )}
      <div className="dialog-foot">
        <span>
          <Keys press={["↑", "↓"]} /> choose
        </span>
        <span>
          <Keys press={["↵"]} /> open
        </span>
        <span>
          <Keys press={["esc"]} /> close
        </span>
        <button type="button" onClick={onHelp}>
          All keys
        </button>
      </div>
    </>
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

function sayFound(found: number, query: string, { here }: Around): string {
  if (wordsOf(query).length === 0) return here ? `all clusters, ${here} first` : "all clusters";
  return here && found > 1 ? `${found} found, ${here} first` : `${found} found`;
}
