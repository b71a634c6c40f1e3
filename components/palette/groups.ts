// SPDX-License-Identifier: Apache-2.0
import type { Row } from "./place";
import { type Around, ranked, wordsOf } from "./rank";

export interface Group {
  name: string;
  rows: readonly Row[];
  /** How many more fit than are shown. */
  more: number;
}

const NAMES: Readonly<Record<Row["kind"], string>> = {
  finding: "Findings",
  cluster: "Clusters",
  node: "Nodes",
  mirror: "Mirrors",
  service: "Services",
  command: "Commands",
  timeline: "Timelines",
  page: "Pages of the console",
};
const KINDS = ["cluster", "node", "mirror", "service", "finding", "command", "timeline", "page"] as const;

const SHOWN = 6;
const RECENT_SHOWN = 4;

/**
 * What the palette offers, in groups; the group of the best fit first. Nothing typed: what was used last, then all.
 * A command's row opens its dialog, as everything that acts does.
 */
export function groupsOf(rows: readonly Row[], query: string, around: Around): readonly Group[] {
  const found = ranked(rows, query, around);
  if (wordsOf(query).length > 0) {
    const order = [...new Set(found.map(({ kind }) => kind))];
    return order.map((kind) =>
      cut(
        NAMES[kind],
        found.filter((row) => row.kind === kind),
        SHOWN,
      ),
    );
  }
  const recent = around.recent.flatMap((href) => found.find((row) => row.href === href) ?? []).slice(0, RECENT_SHOWN);
  const rest = found.filter((row) => !recent.includes(row));
  return [
    cut("Used last", recent, RECENT_SHOWN),
    ...KINDS.map((kind) =>
      cut(
        NAMES[kind],
        rest.filter((row) => row.kind === kind),
        SHOWN,
      ),
    ),
  ].filter((group) => group.rows.length > 0);
}

function cut(name: string, rows: readonly Row[], most: number): Group {
  return { name, rows: rows.slice(0, most), more: Math.max(0, rows.length - most) };
}
