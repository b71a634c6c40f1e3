// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { z } from "zod";

const ROOT = path.resolve(import.meta.dirname, "..");
const Ready = z.object({ type: z.literal("ready"), origin: z.string(), setupCode: z.string().nullable() });

/** A console without a fleet, for journeys that kill it: its admin, one cluster that no node is enrolled in, and a wall's key. */
export interface OwnConsole {
  origin: string;
  /** The path that a screen opens. */
  wall: string;
  ask(method: string, route: string, body?: unknown): Promise<unknown>;
  /** Nothing is said to anybody, as when its machine dies. */
  kill(): Promise<void>;
  /** On the same data and port; as another version of itself where it is given one. */
  startAgain(home?: string): Promise<void>;
  /** The same program under another build's name, as after an upgrade. */
  otherVersion(): Promise<string>;
  remove(): Promise<void>;
}

export async function startOwnConsole(): Promise<OwnConsole> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "quarterdeck-e2e-own-"));
  const password = "correct horse battery staple";
  let port = 0;
  let child: ChildProcess | null = null;

  async function start(home: string): Promise<z.infer<typeof Ready>> {
    const one = fork(path.join(home, "dist/console.mjs"), [], {
      cwd: home,
      env: { ...process.env, PORT: String(port), HOST: "127.0.0.1", DATA_DIR: path.join(folder, "data"), NODE_ENV: "production" },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    child = one;
    const ready = await new Promise<z.infer<typeof Ready>>((resolve, reject) => {
      one.on("message", (message) => {
        const fits = Ready.safeParse(message);
        if (fits.success) resolve(fits.data);
      });
      one.once("exit", (code) => reject(new Error(`The console ended (${code}) before it was ready.`)));
    });
    port = Number(new URL(ready.origin).port);
    return ready;
  }

  async function kill(): Promise<void> {
    const one = child;
    child = null;
    if (one === null || one.exitCode !== null || one.signalCode !== null) return;
    const gone = once(one, "exit");
    one.kill("SIGKILL");
    await gone;
  }

  const { origin, setupCode } = await start(ROOT);
  let cookie = "";
  const ask = async (method: string, route: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${origin}${route}`, {
      method,
      headers: { "content-type": "application/json", origin, connection: "close", ...(cookie === "" ? {} : { cookie }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${text}`);
    cookie = response.headers.get("set-cookie")?.split(";")[0] ?? cookie;
    return text === "" ? null : JSON.parse(text);
  };
  await ask("POST", "/api/v1/setup", { code: setupCode, user: "anna", password });
  await ask("POST", "/api/v1/clusters", { slug: "north", title: "north", environment: null });
  const made = z.object({ url: z.url() }).parse(await ask("POST", "/api/v1/wall-keys", { name: "NOC", clusters: null, days: null }));

  return {
    origin,
    wall: new URL(made.url).pathname,
    ask,
    kill,
    async startAgain(home = ROOT) {
      await start(home);
    },
    async otherVersion() {
      const home = path.join(folder, "other");
      const pages = path.join(home, ".next");
      await mkdir(home);
      for (const part of ["node_modules", "prisma", "package.json", "next.config.mjs"])
        await symlink(path.join(ROOT, part), path.join(home, part));
      await cp(path.join(ROOT, "dist"), path.join(home, "dist"), { recursive: true });
      await cp(path.join(ROOT, ".next"), pages, {
        recursive: true,
        filter: (from) => path.relative(path.join(ROOT, ".next"), from) !== "cache",
      });
      const name = (await readFile(path.join(pages, "BUILD_ID"), "utf8")).trim();
      await writeFile(path.join(pages, "BUILD_ID"), `${name}-next`);
      await rename(path.join(pages, "static", name), path.join(pages, "static", `${name}-next`));
      return home;
    },
    async remove() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
