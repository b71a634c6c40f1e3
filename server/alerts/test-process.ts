// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { z } from "zod";
import { freePort } from "./test-receivers";

// The built console as a process, for tests: with an environment of its own, and to be killed.

const CONSOLE = path.resolve(import.meta.dirname, "../../dist/console.mjs");
const Ready = z.object({ type: z.literal("ready"), origin: z.string(), setupCode: z.string().nullable() });

export interface ConsoleProcess {
  /** All that it said, on both ways. */
  said(): string;
  start(): Promise<z.infer<typeof Ready>>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** A console on a data folder, at a port that stays; it can be killed and started again. `caFile`: an authority that it trusts besides. */
export async function consoleIn(dataDir: string, factor: number, caFile: string | null = null): Promise<ConsoleProcess> {
  const listens = await freePort();
  const env = { PATH: process.env.PATH ?? "", NODE_ENV: "production" as const, DATA_DIR: dataDir, PORT: String(listens) };
  const trusts = caFile === null ? {} : { NODE_EXTRA_CA_CERTS: caFile };
  let child: ChildProcess | null = null;
  let said = "";
  return {
    said: () => said,
    async start() {
      const made = spawn(process.execPath, [CONSOLE, "--no-pages"], {
        env: { ...env, ...trusts, QUARTERDECK_TIMING_FACTOR: String(factor) },
        stdio: ["ignore", "pipe", "pipe", "ipc"],
      });
      for (const stream of [made.stdout, made.stderr]) stream?.on("data", (bytes) => (said += String(bytes)));
      child = made;
      const [message] = await Promise.race([once(made, "message"), once(made, "exit")]);
      const ready = Ready.safeParse(message);
      if (!ready.success) throw new Error(`The console did not start: ${said}`);
      return ready.data;
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Asks the API as the console's first admin, signed in. */
export type Ask = (method: "GET" | "POST", route: string, body?: unknown) => Promise<unknown>;

/** Makes `anna` the first admin of a console that was just started. */
export async function firstAdmin({ origin, setupCode }: z.infer<typeof Ready>): Promise<Ask> {
  const json = { "content-type": "application/json", origin };
  const setup = { code: setupCode, user: "anna", password: "correct horse battery" };
  const signedIn = await fetch(`${origin}/api/v1/setup`, { method: "POST", headers: json, body: JSON.stringify(setup) });
  const cookie = (signedIn.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  return async (method, route, body) => {
    const asked = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${origin}/api/v1/${route}`, { method, headers: { ...json, cookie }, ...asked });
    if (!answer.ok) throw new Error(`${route}: ${await answer.text()}`);
    return answer.json();
  };
}
