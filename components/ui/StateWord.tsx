// SPDX-License-Identifier: Apache-2.0
import { unbroken } from "./format";
import { Icon, type Shape } from "./Icon";

/** A state as it is shown: shape, word, and colour as the third sign. */
export interface Worded {
  level: Extract<Shape, "ok" | "busy" | "risk" | "bad" | "differs" | "old" | "unknown" | "absent" | "held">;
  word: string;
}

const INK: Record<Worded["level"], string> = {
  ok: "d2",
  busy: "act",
  risk: "risk",
  bad: "bad",
  differs: "risk",
  old: "old",
  unknown: "d2",
  absent: "d3",
  held: "held",
};

/** What is normal is grey with a tick; only what needs a person has colour. */
export function StateWord({ said, small = false }: { said: Worded; small?: boolean }) {
  return (
    <span className={`st ${INK[said.level]}${small ? " s12" : ""}`} data-level={said.level}>
      <Icon shape={said.level} />
      <span>{unbroken(said.word)}</span>
    </span>
  );
}
