// SPDX-License-Identifier: Apache-2.0
import type { Worded } from "./StateWord";

/** Worst first: trouble, then what cannot be judged, then what somebody holds, then calm. */
const ORDER: readonly Worded["level"][] = ["bad", "risk", "differs", "unknown", "old", "held", "busy", "absent", "ok"];

/** Compares two levels so that the worst sorts first. */
export function worstFirst(a: Worded["level"], b: Worded["level"]): number {
  return ORDER.indexOf(a) - ORDER.indexOf(b);
}

/** What a level is called where it stands for itself. */
export const LEVEL_WORDS: Readonly<Record<Worded["level"], string>> = {
  bad: "broken",
  risk: "at risk",
  differs: "differs",
  unknown: "not known",
  old: "old",
  held: "held",
  busy: "moving",
  absent: "to know",
  ok: "well",
};
