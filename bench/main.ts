// SPDX-License-Identifier: Apache-2.0
// `npm run bench -- [NAME …] [--json]`: measures, and prints a table or JSON.
import { parseArgs } from "node:util";
import { failedRow, type Row } from "./row";
import { MEASUREMENTS } from "./rows";
import { table } from "./table";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: "boolean" }, list: { type: "boolean" } } });
const unknown = positionals.filter((name) => !MEASUREMENTS.some((each) => each.name === name));
if (values.list || unknown.length > 0) {
  if (unknown.length > 0) process.stderr.write(`There is no ${unknown.join(", ")}. What can be measured:\n`);
  for (const { name, about } of MEASUREMENTS) process.stdout.write(`${name.padEnd(18)} ${about}\n`);
  process.exit(unknown.length > 0 ? 2 : 0);
}

const rows: Row[] = [];
for (const measurement of MEASUREMENTS.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
  const say = (sentence: string) => process.stderr.write(`${measurement.name}: ${sentence}\n`);
  try {
    rows.push(...(await measurement.measure(say)));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    say(`failed: ${why}`);
    rows.push(failedRow(measurement, why));
  }
}
process.stdout.write(values.json ? `${JSON.stringify({ rows })}\n` : table(rows));
// Sockets of what was measured must not hold this up.
process.exit(rows.some(({ value }) => value === null) ? 1 : 0);
