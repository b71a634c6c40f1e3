// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { agentUrl, openPeer } from "@/sim/peer";
import { MIGRATIONS } from "./db/temporary-database";
import { createLog } from "./log";
import { type Running, type StartDeps, startConsole } from "./start";
import type { Pages } from "./web/pages";

let dataDir: string;
const running: Running[] = [];
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), "quarterdeck-start-"));
});
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(change: Partial<StartDeps> = {}, port = 0): Promise<Running> {
  const log = createLog(
    () => new Date(),
    () => undefined,
  );
  const env = { host: "127.0.0.1", port, dataDir, isDevelopment: false, timingFactor: 1, tls: null, publicUrl: null };
  const started = await startConsole({ env, log, migrationsDir: MIGRATIONS, now: Date.now, pages: null, build: "test", ...change });
  running.push(started);
  return started;
}

function later<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((given) => {
    resolve = given;
  });
  return { promise, resolve };
}

const page: Pages = { handle: (_, response) => void response.end("a page"), upgrade: null, close: () => Promise.resolve() };

it("serves the API beside the pages, and without pages nothing else", async () => {
  const { origin, stop } = await start({ pages: () => Promise.resolve(page) });
  expect(await (await fetch(`${origin}/c/san-a`)).text()).toBe("a page");
  expect((await fetch(`${origin}/healthz`)).headers.get("content-type")).toContain("json");
  expect((await fetch(`${origin}/healthz?from=monitor`)).headers.get("content-type")).toContain("json");
  await stop();
  running.pop();
  const bare = await start();
  expect((await fetch(`${bare.origin}/c/san-a`)).status).toBe(404);
});

it("serves agents and the API while its pages are still being opened, and says of a page when to ask again", async () => {
  const { promise: pages, resolve: open } = later<Pages>();
  const { promise: origin, resolve: listens } = later<string>();
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const address = free.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await new Promise((resolve) => free.close(resolve));
  const starting = start(
    {
      pages: () => {
        listens(`http://127.0.0.1:${port}`);
        return pages;
      },
    },
    port,
  );
  const at = await origin;
  expect((await fetch(`${at}/healthz`)).status).toBe(200);
  const early = await fetch(`${at}/`);
  expect([early.status, early.headers.get("retry-after")]).toEqual([503, "1"]);
  const peer = await openPeer({ url: agentUrl(at) });
  peer.sendRaw("{}");
  expect((await peer.waitFor("refused")).code).toBe("LINK_BAD_FRAME");
  open(page);
  await starting;
  expect((await fetch(`${at}/`)).status).toBe(200);
});

it("that finds its port taken says so, and leaves nothing open", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const address = taken.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await expect(start({}, port)).rejects.toThrow(`Port ${port} on 127.0.0.1 is taken: set PORT to another.`);
  await new Promise((resolve) => taken.close(resolve));
  // The data folder and the port are free again.
  expect((await fetch(`${(await start({}, port)).origin}/healthz`)).status).toBe(200);
});

it("whose pages do not open fails with their reason, and leaves nothing open", async () => {
  await expect(start({ pages: () => Promise.reject(new Error("not built")) })).rejects.toThrow("not built");
  expect((await fetch(`${(await start()).origin}/healthz`)).status).toBe(200);
});

it("stops though sockets hang: one that never said a word, and a request that is never finished", async () => {
  const started = await start({ pages: () => Promise.resolve({ ...page, handle: () => undefined }) });
  const silent = await openPeer({ url: agentUrl(started.origin), isSilent: true });
  silent.socket.pause();
  const hanging = fetch(`${started.origin}/never`).catch(() => "cut");
  const { hostname, port } = new URL(started.origin);
  const half = (await import("node:net")).connect(Number(port), hostname);
  half.on("error", () => undefined);
  await once(half, "connect");
  half.write("GET /never HTTP/1.1\r\n");
  await started.stop();
  running.pop();
  expect(await hanging).toBe("cut");
  silent.terminate();
  half.destroy();
});

it("gives the one-time code until there is an admin", async () => {
  const first = await start();
  const code = first.setupCode ?? "";
  const body = JSON.stringify({ code, user: "anna", password: "correct horse battery" });
  const made = await fetch(`${first.origin}/api/v1/setup`, { method: "POST", headers: { origin: first.origin }, body });
  expect(made.status).toBe(200);
  expect(await first.console.needsSetup()).toBe(false);
  await first.stop();
  running.pop();
  expect((await start()).setupCode).toBeNull();
});
