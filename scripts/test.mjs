// SPDX-License-Identifier: Apache-2.0
// `npm test`: check, unit, integration, the two labs, end-to-end; setup has built everything. Each part runs even if one before it failed,
// so that one run tells everything; the last lines say again what failed, since an hour of output lies between, and count the parts.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { failuresIn } from "./failures.mjs";

const root = path.resolve(import.meta.dirname, "..");
const report = path.join(root, "test-results", "vitest.json");
const vitest = (project) => [
  project,
  bin("vitest"),
  ["run", "--project", project, "--reporter=default", "--reporter=json", `--outputFile=${report}`],
];
const bin = (name) => path.join(root, "node_modules", ".bin", name);
const parts = [
  ["tools of this machine", process.execPath, ["scripts/host-tools.mjs", "vm"]],
  ["check", process.execPath, ["scripts/check.mjs"]],
  vitest("unit"),
  vitest("integration"),
  vitest("cluster"),
  vitest("vm"),
  ["end-to-end", bin("playwright"), ["test"]],
  ["clean tree", process.execPath, ["scripts/clean-tree.mjs"]],
];

const failed = [];
const told = [];
for (const [name, command, args] of parts) {
  const started = Date.now();
  console.log(`\n== ${name}`);
  rmSync(report, { force: true });
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" } });
  if (result.status !== 0) {
    failed.push(name);
    told.push(...failuresIn(report).map((line) => `${name}: ${line}`));
  }
  console.log(`== ${name}: ${result.status === 0 ? "passed" : "FAILED"}, ${Math.round((Date.now() - started) / 1000)} s`);
}
for (const line of told) console.log(`\n${line}`);
if (failed.length > 0) console.log(`\nfailed: ${failed.join(", ")}`);
console.log(`\n${parts.length - failed.length} passed, ${failed.length} failed`);
process.exit(failed.length === 0 ? 0 : 1);
