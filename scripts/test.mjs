// SPDX-License-Identifier: Apache-2.0
// `npm test`: check, unit, integration, a real cluster, end-to-end; setup has built everything. Each part runs even if one before it
// failed, so that one run tells everything; the last line counts the parts.
import { spawn } from "node:child_process";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const bin = (name) => path.join(root, "node_modules", ".bin", name);
const vitest = (project) => [project, bin("vitest"), ["run", "--project", project]];

// Lanes of one row run side by side, the parts of a lane one after the other. The real cluster mostly waits for its own timeouts,
// so it costs the unit tests next to nothing; journeys have the machine to themselves, because they look at the clock.
const rows = [
  [[["tools of this machine", process.execPath, ["scripts/host-tools.mjs"]]]],
  [[["check", process.execPath, ["scripts/check.mjs"]]]],
  [[vitest("unit"), vitest("integration")], [vitest("cluster")]],
  [[["end-to-end", bin("playwright"), ["test"]]]],
  [[["clean tree", process.execPath, ["scripts/clean-tree.mjs"]]]],
];

/** Runs one part. The first lane speaks as it goes; what another one says is told whole when it has ended. */
function run([name, command, args], speaksAtOnce) {
  const started = Date.now();
  if (speaksAtOnce) console.log(`\n== ${name}`);
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: speaksAtOnce ? "inherit" : ["inherit", "pipe", "pipe"],
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
    });
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => said.push(chunk));
    const end = (isPassed) => {
      if (!speaksAtOnce) process.stdout.write(`\n== ${name}\n${Buffer.concat(said)}`);
      console.log(`== ${name}: ${isPassed ? "passed" : "FAILED"}, ${Math.round((Date.now() - started) / 1000)} s`);
      resolve(isPassed);
    };
    child.on("error", (error) => {
      console.error(error.message);
      end(false);
    });
    child.on("close", (code) => end(code === 0));
  });
}

const failed = [];
let count = 0;
async function runLane(parts, speaksAtOnce) {
  for (const part of parts) {
    count += 1;
    if (!(await run(part, speaksAtOnce))) failed.push(part[0]);
  }
}

for (const lanes of rows) await Promise.all(lanes.map((parts, lane) => runLane(parts, lane === 0)));
if (failed.length > 0) console.log(`\nfailed: ${failed.join(", ")}`);
console.log(`\n${count - failed.length} passed, ${failed.length} failed`);
process.exit(failed.length === 0 ? 0 : 1);
