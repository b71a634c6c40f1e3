// SPDX-License-Identifier: Apache-2.0
import type { Row } from "./row";

function verdict({ met, value }: Row): string {
  if (value === null) return "not measured";
  if (met === null) return "";
  return met ? "met" : "MISSED";
}

/** The rows as Markdown, for people and for docs/bench.md. */
export function table(rows: readonly Row[]): string {
  const head = ["name", "value", "bound", "", "beside, or measured on"];
  const lines = rows.map((row) => [
    row.name,
    row.value === null ? "-" : `${row.value} ${row.unit}`,
    row.bound === null ? "" : `≤ ${row.bound} ${row.unit}`,
    verdict(row),
    row.versus ?? "",
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)));
  const print = (cells: readonly string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return `${[print(head), print(widths.map((width) => "-".repeat(width))), ...lines.map(print)].join("\n")}\n`;
}
