// SPDX-License-Identifier: Apache-2.0
import type { TimelineEntry } from "@/agent/protocol/console/timeline";

export const TIMELINE_COLUMNS = ["at", "what", "level", "node", "subject", "text", "why", "by", "ref", "withdrawnBy", "withdrawnAt"];

/** One entry as CSV, or the end. A cell that a spreadsheet would take for a formula begins with an apostrophe. */
export function timelineCsvLine(row: TimelineEntry | { end: { entries: number } }): string {
  const cells = "end" in row ? ["end", "", "", "", "", `${row.end.entries} entries`, "", "", "", "", ""] : cellsOf(row);
  return cells.map((cell) => `"${cell.replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`).join(",");
}

function cellsOf({ atMs, what, level, node, subject, text, why, by, ref, withdrawn }: TimelineEntry): string[] {
  const at = new Date(atMs).toISOString();
  const taken = withdrawn ? [withdrawn.by, new Date(withdrawn.atMs).toISOString()] : ["", ""];
  return [at, what, level, node ?? "", subject, text, why ?? "", by, ref ?? "", ...taken];
}
