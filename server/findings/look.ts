// SPDX-License-Identifier: Apache-2.0
import type { Finding, ViewSoFar } from "./define";

type Timed = Finding & { sinceMs: number };
/** Two findings, of which the second may follow from the first. */
export interface Look {
  root: Timed;
  finding: Timed;
  view: ViewSoFar;
}

/** What the root is about before all else, the other is about as well. */
export function sharesNode(root: Finding, finding: Finding): boolean {
  return root.about[0] !== undefined && finding.about.includes(root.about[0]);
}
