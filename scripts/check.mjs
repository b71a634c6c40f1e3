// SPDX-License-Identifier: Apache-2.0
// `npm run check`: format, lint, types, import table, dead code. All run at once; each that fails says so.
import { spawn } from "node:child_process";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const bin = (name) => path.join(root, "node_modules", ".bin", name);
const checks = [
  ["format and lint", bin("biome"), ["check", "--error-on-warnings", "."]],
  // Not incremental: what an earlier build wrote down of itself once hid errors.
  ["types", bin("tsc"), ["--noEmit", "--incremental", "false", "-p", "."]],
  ["import table", process.execPath, ["scripts/import-table.mjs"]],
  ["dead code", bin("knip"), []],
  ["model document", bin("tsx"), ["scripts/model-doc.ts", "--check"]],
  ["metrics document", bin("tsx"), ["scripts/metrics-doc.ts", "--check"]],
  ["findings document", bin("tsx"), ["scripts/findings-doc.ts", "--check"]],
];

const results = await Promise.all(
  checks.map(
    ([name, command, args]) =>
      new Promise((resolve) => {
        const child = spawn(command, args, { cwd: root, env: { ...process.env, FORCE_COLOR: "0" } });
        let output = "";
        child.stdout.on("data", (chunk) => (output += chunk));
        child.stderr.on("data", (chunk) => (output += chunk));
        child.on("error", (error) => resolve({ name, code: 1, output: error.message }));
        child.on("close", (code) => resolve({ name, code, output }));
      }),
  ),
);
for (const { name, code, output } of results) {
  console.log(`${code === 0 ? "ok  " : "FAIL"} ${name}`);
  if (code !== 0) console.log(output.trim());
}
process.exit(results.every(({ code }) => code === 0) ? 0 : 1);
