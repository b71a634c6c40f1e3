// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import { type EnrolledPeer, enrolPeer } from "@/sim/peer";

export const ROOT = path.resolve(import.meta.dirname, "../..");

const Ready = z.object({ type: z.literal("ready"), origin: z.string(), setupCode: z.string().nullable() });

/** A console of its own, with an admin. */
export interface BenchConsole {
  origin: string;
  child: ChildProcess;
  pid: number;
  dataDir: string;
  user: string;
  password: string;
  /** The admin's session, for sockets and pages. */
  cookie: string;
  ask(method: string, route: string, body?: unknown): Promise<unknown>;
  newToken(cluster: string, node: string): Promise<string>;
  enrol(cluster: string, node: string): Promise<EnrolledPeer>;
  /** Ends the process; the data stays until `remove`. */
  stop(): Promise<void>;
  remove(): Promise<void>;
}

/** A folder that the caller removes. */
export function temporaryFolder(): string {
  return mkdtempSync(path.join(os.tmpdir(), "quarterdeck-bench-"));
}

export function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}

/** Starts the built console on a free port, with Node's own options. `readyMs`: from its start until it said so. */
export async function forkConsole(dataDir: string, execArgv: readonly string[] = []) {
  const startedMs = performance.now();
  const child = fork(path.join(ROOT, "dist/console.mjs"), [], {
    cwd: ROOT,
    env: { ...process.env, PORT: "0", HOST: "127.0.0.1", DATA_DIR: dataDir, NODE_ENV: "production" },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    execArgv: [...execArgv],
  });
  const ready = await new Promise<z.infer<typeof Ready>>((resolve, reject) => {
    child.on("message", (message) => {
      const fits = Ready.safeParse(message);
      if (fits.success) resolve(fits.data);
    });
    child.once("exit", (code) => reject(new Error(`The console ended (${code}) before it was ready.`)));
  });
  return { child, origin: ready.origin, setupCode: ready.setupCode, startedMs, readyMs: performance.now() - startedMs };
}

export async function startConsole(execArgv: readonly string[] = []): Promise<BenchConsole> {
  const dataDir = temporaryFolder();
  const { child, origin, setupCode } = await forkConsole(dataDir, execArgv);
  const user = "admin";
  const password = randomBytes(12).toString("base64url");
  let cookie = "";
  const ask = async (method: string, route: string, body?: unknown) => {
    const response = await fetch(`${origin}${route}`, {
      method,
      headers: { "content-type": "application/json", origin, ...(cookie === "" ? {} : { cookie }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${text}`);
    cookie = response.headers.get("set-cookie")?.split(";")[0] ?? cookie;
    const answer: unknown = text === "" ? null : JSON.parse(text);
    return answer;
  };
  await ask("POST", "/api/v1/setup", { code: setupCode, user, password });
  const newToken = async (cluster: string, node: string) =>
    z.object({ token: z.string() }).parse(await ask("POST", "/api/v1/enrollments", { cluster, node, role: "member" })).token;
  return {
    origin,
    child,
    pid: child.pid ?? 0,
    dataDir,
    user,
    password,
    cookie,
    ask,
    newToken,
    enrol: async (cluster, node) => enrolPeer({ origin, token: await newToken(cluster, node), node }),
    stop: () => ended(child),
    async remove() {
      await ended(child);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
