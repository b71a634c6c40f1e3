// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { z } from "zod";

const Ready = z.object({
  type: z.literal("ready"),
  origin: z.url(),
  account: z.object({ user: z.string(), password: z.string(), token: z.string() }),
  /** Folder of the simulated fleet. */
  simDir: z.string(),
});
export type Ready = z.infer<typeof Ready>;

/** Starts what `npm run demo` starts, calm, on a free port and in a folder of its own. */
export async function startFleet(): Promise<{ ready: Ready; stop: () => Promise<void> }> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "quarterdeck-e2e-"));
  const root = path.resolve(import.meta.dirname, "..");
  const demo = fork(path.join(root, "scripts/demo.mjs"), ["--calm"], {
    cwd: root,
    env: { ...process.env, PORT: "0", HOST: "127.0.0.1", DATA_DIR: dataDir },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const stop = async () => {
    await ended(demo);
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const ready = await new Promise<Ready>((resolve, reject) => {
      demo.once("message", (message) => resolve(Ready.parse(message)));
      demo.once("exit", (code) => reject(new Error(`The demo ended (${code}) before it was ready.`)));
    });
    return { ready, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}
