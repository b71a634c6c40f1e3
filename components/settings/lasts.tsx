// SPDX-License-Identifier: Apache-2.0
import { Choice } from "@/components/ui/Choice";

const LASTS: readonly (readonly [days: string, says: string])[] = [
  ["30", "30 days"],
  ["90", "90 days"],
  ["365", "a year"],
  ["", "no end"],
];

/** How long what is made is to last: the field `days`. `first`: what stands there at first; "" for no end. */
export function LastsChoice({ first }: { first: string }) {
  return (
    <Choice label="Lasts" name="days" defaultValue={first}>
      {LASTS.map(([days, says]) => (
        <option key={days} value={days}>
          {says}
        </option>
      ))}
    </Choice>
  );
}

/** The days that were chosen; null for no end. */
export function daysOf(chosen: string): number | null {
  return chosen === "" ? null : Number(chosen);
}
