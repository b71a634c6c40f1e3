// SPDX-License-Identifier: Apache-2.0

/** "plausible": read, every word of it stands in the text, and nothing says what it should have been. */
export type Verdict = "right" | "plausible" | "refused" | "WRONG" | "CRASH";

/** What became of one sample. */
export interface Result {
  kind: string;
  place: string;
  verdict: Verdict;
  why: readonly string[];
}
