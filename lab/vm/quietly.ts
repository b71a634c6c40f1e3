// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";

/** Runs a program to its end and gives what it said; nothing is shown. @throws one sentence with its last lines when it fails */
export function quietly(command: string, args: readonly string[], options: { cwd?: string; input?: string } = {}): string {
  const { error, status, stdout, stderr } = spawnSync(command, args, {
    ...options,
    encoding: "utf8",
    maxBuffer: 64 << 20,
    env: { ...process.env, LC_ALL: "C" },
  });
  if (error) throw new Error(`${command} could not be started: ${error.message}`);
  if (status === 0) return stdout;
  const last = `${stdout}\n${stderr}`.trim().split("\n").slice(-5).join(" | ");
  throw new Error(`${command} failed (${status ?? "ended by a signal"}): ${last}`);
}
