// SPDX-License-Identifier: Apache-2.0
import { readFile } from "node:fs/promises";
import path from "node:path";
import { setFlagsFromString } from "node:v8";
import { CONSOLE_KEY, type Console } from "./console";
import { readEnv } from "./env";
import { createLog } from "./log";
import { startConsole } from "./start";
import { openPages } from "./web/pages";

// The bundle is dist/console.mjs: pages and migrations lie beside its folder.
const home = path.resolve(import.meta.dirname, "..");
/** `--no-pages`: the API and the sockets alone, for labs and measurements. */
const hasPages = !process.argv.includes("--no-pages");
const log = createLog(
  () => new Date(),
  (line) => process.stderr.write(line),
);

/** The name that Next gave to its build; in development every start is its own. */
async function buildName(isDevelopment: boolean): Promise<string> {
  return isDevelopment ? `development-${process.pid}` : (await readFile(path.join(home, ".next/BUILD_ID"), "utf8")).trim();
}

/**
 * V8 looks for garbage once there is this much of it beside what is in use: left to itself it waits for two to three times as much
 * under load. No limit: what is in use may grow as before. Units: percent.
 */
const GARBAGE_PERCENT = 100;

async function main(): Promise<void> {
  setFlagsFromString(`--heap-growing-percent=${GARBAGE_PERCENT}`);
  const env = readEnv();
  const pages = (console: Console) => {
    Object.assign(globalThis, { [CONSOLE_KEY]: console });
    return openPages(home, env.isDevelopment, (cause) => log.error("a page failed", cause));
  };
  const running = await startConsole({
    env,
    log,
    migrationsDir: path.join(home, "prisma/migrations/sqlite"),
    now: Date.now,
    pages: hasPages ? pages : null,
    build: hasPages ? await buildName(env.isDevelopment) : "no pages",
  });
  const shown = running.origin.replace("127.0.0.1", "localhost");
  process.stdout.write(`Quarterdeck listens on ${shown}\n`);
  if (running.tls?.isSelfMade) {
    // Whoever looks before trusting can: it is on the page that the browser warns with.
    process.stdout.write(`Its certificate is self-made: a browser warns of it. SHA-256 ${running.tls.certificate.fingerprint}\n`);
  }
  if (running.setupCode !== null) {
    process.stdout.write(`No admin yet. Open ${shown}/setup and use this one-time code: ${running.setupCode}\n`);
  }
  process.send?.({ type: "ready", origin: running.origin, setupCode: running.setupCode, certFile: running.tls?.certFile ?? null });

  let isStopping = false;
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    running.stop().then(
      () => process.exit(0),
      (cause: unknown) => {
        log.error("the console did not stop in good order", cause);
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  // Started by the demo: its end is ours.
  process.on("disconnect", stop);
}

main().catch((cause: unknown) => {
  process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
  process.exit(1);
});
