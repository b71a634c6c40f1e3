// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

interface DemoReady {
  type: "ready";
  origin: string;
  account: { user: string; password: string; token: string };
  simDir: string;
}

/** Starts what `npm run demo` starts, calm, on a free port and in a folder of its own; ends it after the last journey. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "quarterdeck-e2e-"));
  const root = path.resolve(import.meta.dirname, "..");
  const demo = fork(path.join(root, "scripts/demo.mjs"), ["--calm"], {
    cwd: root,
    env: { ...process.env, PORT: "0", HOST: "127.0.0.1", DATA_DIR: dataDir },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ready = await new Promise<DemoReady>((resolve, reject) => {
    demo.once("message", (message: DemoReady) => resolve(message));
    demo.once("exit", (code) => reject(new Error(`The demo ended (${code}) before it was ready.`)));
  });
  process.env.E2E_ORIGIN = ready.origin;
  process.env.E2E_USER = ready.account.user;
  process.env.E2E_PASSWORD = ready.account.password;
  process.env.E2E_TOKEN = ready.account.token;
  process.env.E2E_SIM_DIR = ready.simDir;
  return async () => {
    await ended(demo);
    rmSync(dataDir, { recursive: true, force: true });
  };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}
