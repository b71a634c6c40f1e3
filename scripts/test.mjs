// SPDX-License-Identifier: Apache-2.0
// `npm test`: check, unit, integration, end-to-end; setup has built everything. Each part runs even if one before it failed,
// so that one run tells everything; the last line counts the parts.
import { spawnSync } from "node:child_process";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const bin = (name) => path.join(root, "node_modules", ".bin", name);
const parts = [
  ["tools of this machine", process.execPath, ["scripts/host-tools.mjs"]],
  ["check", process.execPath, ["scripts/check.mjs"]],
  ["unit", bin("vitest"), ["run", "--project", "unit"]],
  ["integration", bin("vitest"), ["run", "--project", "integration"]],
  ["cluster", bin("vitest"), ["run", "--project", "cluster"]],
  ["end-to-end", bin("playwright"), ["test"]],
  ["clean tree", process.execPath, ["scripts/clean-tree.mjs"]],
];

const failed = [];
for (const [name, command, args] of parts) {
  const started = Date.now();
  console.log(`\n== ${name}`);
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" } });
  if (result.status !== 0) failed.push(name);
  console.log(`== ${name}: ${result.status === 0 ? "passed" : "FAILED"}, ${Math.round((Date.now() - started) / 1000)} s`);
}
if (failed.length > 0) console.log(`\nfailed: ${failed.join(", ")}`);
console.log(`\n${parts.length - failed.length} passed, ${failed.length} failed`);
process.exit(failed.length === 0 ? 0 : 1);
