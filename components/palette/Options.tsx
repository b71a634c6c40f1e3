// SPDX-License-Identifier: Apache-2.0
import { Fragment } from "react";
import { Icon } from "@/components/ui/Icon";
import type { Group } from "./groups";
import type { Row } from "./place";

interface OptionsProps {
  id: string;
  groups: readonly Group[];
  /** Which of all rows is chosen, counted through the groups. */
  at: number;
  words: readonly string[];
  onPoint: (index: number) => void;
  onOpen: (row: Row) => void;
}

/** The list of a combobox: rows in groups, one of them chosen. */
export function Options({ id, groups, at, words, onPoint, onOpen }: OptionsProps) {
  let index = -1;
  return (
    <div id={`${id}list`} role="listbox" aria-label="What fits" className="pal-list">
      {groups.map(({ name, rows, more }) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is no group of options
        <div key={name} role="group" aria-label={name}>
          <p className="pal-group" aria-hidden="true">
            {name}
            {more > 0 && <span>, and {more} more: type on</span>}
          </p>
          {rows.map((row) => {
            index += 1;
            const own = index;
            return (
              <Option
                key={row.href}
                id={`${id}${own}`}
                row={row}
                isChosen={own === at}
                words={words}
                onPoint={() => onPoint(own)}
                onOpen={onOpen}
              />
            );
          })}
        </div>
      ))}
    </div>
  );
}

interface OptionProps {
  id: string;
  row: Row;
  isChosen: boolean;
  words: readonly string[];
  onPoint: () => void;
  onOpen: (row: Row) => void;
}

function Option({ id, row, isChosen, words, onPoint, onOpen }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the combobox's, which keeps the focus
    // biome-ignore lint/a11y/useFocusableInteractive: chosen by aria-activedescendant
    <div
      id={id}
      role="option"
      aria-selected={isChosen}
      className="opt"
      ref={(element) => {
        if (isChosen) element?.scrollIntoView({ block: "nearest" });
      }}
      onMouseMove={isChosen ? undefined : onPoint}
      onClick={() => onOpen(row)}
    >
      <Icon shape={row.offer && row.offer.refusal !== null ? "stop" : (row.level ?? "next")} />
      <b>
        <Marked text={row.name} words={words} />
        {row.offer && "…"}
      </b>
      <span className="opt-says">
        {row.cluster && row.kind !== "cluster" && <>{row.cluster}, </>}
        {row.says}
      </span>
      {isChosen && <i aria-hidden="true">↵</i>}
    </div>
  );
}

/** A name with what was typed underlined. */
function Marked({ text, words }: { text: string; words: readonly string[] }) {
  const word = words.find((one) => text.toLowerCase().includes(one));
  if (word === undefined) return text;
  const from = text.toLowerCase().indexOf(word);
  return (
    <Fragment>
      {text.slice(0, from)}
      <u>{text.slice(from, from + word.length)}</u>
      {text.slice(from + word.length)}
    </Fragment>
  );
}
