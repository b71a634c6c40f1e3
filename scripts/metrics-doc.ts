// SPDX-License-Identifier: Apache-2.0
// docs/metrics.md: the tables of every metric, from the code. `tsx scripts/metrics-doc.ts` writes them anew; `--check` fails when
// they are not as the code is now. What stands above the mark is written by hand.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ALERTS } from "@/server/metrics/alerts";
import { METRICS } from "@/server/metrics/catalog";
import { CONSOLE } from "@/server/metrics/console";

const target = path.resolve(import.meta.dirname, "../docs/metrics.md");
const MARK = "<!-- From here on the text is made from the code: npm run metrics-doc -->";

const cell = (text: string) => text.replaceAll("|", "\\|");

/** A table as the formatter leaves it. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}

function tables(): string {
  return [...METRICS, ALERTS, CONSOLE]
    .map(({ title, families }) => {
      const rows = families.map(({ name, type, labels, help }) => [
        `\`${name}\``,
        type,
        labels.map((label) => `\`${label}\``).join(" "),
        cell(help),
      ]);
      return `### ${title}\n\n${table([["metric", "type", "labels", "meaning"], ...rows])}`;
    })
    .join("\n\n");
}

const known = readFileSync(target, "utf8");
const [byHand = ""] = known.split(MARK);
const fresh = `${byHand.trimEnd()}\n\n${MARK}\n\n${tables()}\n`;
if (!process.argv.includes("--check")) writeFileSync(target, fresh);
else if (fresh !== known) {
  console.error("docs/metrics.md is not as the code is: run `npm run metrics-doc`.");
  process.exit(1);
}
