// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import path from "node:path";
import { z } from "zod";

export const ROOT = path.resolve(import.meta.dirname, "../..");

const Ready = z.object({ type: z.literal("ready"), origin: z.string(), setupCode: z.string().nullable(), certFile: z.string() });

export interface ConsoleOptions {
  dataDir: string;
  logFile: string;
  /** 0: a free one. */
  port: number;
  /** False: the API and the sockets alone. */
  hasPages: boolean;
  /** For slow labs: multiplies what freshness is judged by. Its agents are given the same. */
  timingFactor?: number;
}

/** The built console on loopback under its self-made certificate; it can be killed and started again on the same data and port. */
export async function startConsole(options: ConsoleOptions) {
  const { dataDir, logFile, hasPages, timingFactor = 1 } = options;
  let port = options.port;
  let child: ChildProcess | null = null;

  async function start(): Promise<z.infer<typeof Ready>> {
    const log = createWriteStream(logFile, { flags: "a" });
    const one = fork(path.join(ROOT, "dist/console.mjs"), hasPages ? [] : ["--no-pages"], {
      cwd: ROOT,
      // What loads the lab's own TypeScript is not for it.
      execArgv: [],
      // Its end is the lab's to decide: a Ctrl-C in the terminal is not for it.
      detached: true,
      env: {
        ...process.env,
        ...{ PORT: String(port), HOST: "127.0.0.1", TLS: "self", DATA_DIR: dataDir, NODE_ENV: "production" },
        QUARTERDECK_TIMING_FACTOR: String(timingFactor),
      },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    child = one;
    for (const stream of [one.stdout, one.stderr]) stream?.pipe(log);
    const ready = await new Promise<z.infer<typeof Ready>>((resolve, reject) => {
      one.on("message", (message) => {
        const fits = Ready.safeParse(message);
        if (fits.success) resolve(fits.data);
      });
      one.once("exit", (code) => reject(new Error(`The console ended (${code}) before it was ready: see ${logFile}.`)));
    });
    port = Number(new URL(ready.origin).port);
    return ready;
  }

  async function end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const one = child;
    child = null;
    if (one === null || one.exitCode !== null || one.signalCode !== null) return;
    const gone = once(one, "exit");
    one.kill(signal);
    const late = setTimeout(() => one.kill("SIGKILL"), 10_000);
    await gone;
    clearTimeout(late);
  }

  const { origin, setupCode, certFile } = await start();
  return {
    origin,
    port,
    setupCode,
    certFile,
    /** Nothing is said to anybody, as when the machine dies. */
    kill: () => end("SIGKILL"),
    startAgain: async () => {
      if (child === null) await start();
    },
    stop: () => end("SIGTERM"),
  };
}
export type LabConsole = Awaited<ReturnType<typeof startConsole>>;
