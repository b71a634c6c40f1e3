// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { ClusterDetail, Enrollment } from "@/agent/protocol/console/api";
import type { FeedFrame } from "@/agent/protocol/console/feed";
import { openDatabase } from "./db/open";
import { MIGRATIONS } from "./db/temporary-database";
import { openBrowser, stored } from "./feed/test-browser";
import { calmState, type Step, story, writeState } from "./kill-tree";

// The built programs as processes: what a node tells while everything around it is killed again and again.

const DIST = path.resolve(import.meta.dirname, "../dist");
const KILLS = 20;
const SEED = 20_261_120;
/** Both sides' patience: a fifth of the usual. */
const FACTOR = 0.2;
/** Long after a slow machine would have done it. */
const LIMIT_MS = 120_000;

let folder: string;
const started = new Set<ChildProcess>();
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "quarterdeck-kill-"));
});
afterAll(async () => {
  for (const child of started) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

async function until<T>(what: string, look: () => Promise<T | null>, everyMs = 40): Promise<T> {
  const lateMs = Date.now() + LIMIT_MS;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > lateMs) throw new Error(`It never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A program that can be killed and started again; what it said of itself is shown when something fails. */
function program(args: string[], env: Record<string, string>) {
  let child: ChildProcess | null = null;
  let said = "";
  return {
    said: () => said,
    start(): ChildProcess {
      const made = spawn(process.execPath, args, {
        env: { PATH: process.env.PATH ?? "", NODE_ENV: "production", ...env },
        stdio: ["ignore", "pipe", "pipe", "ipc"],
      });
      for (const stream of [made.stdout, made.stderr]) stream?.on("data", (bytes) => (said += String(bytes)));
      started.add(made);
      made.once("exit", () => started.delete(made));
      child = made;
      return made;
    },
    /** Ends it with a signal and answers its exit code, null when the signal did it. */
    async end(signal: "SIGKILL" | "SIGTERM"): Promise<number | null> {
      if (!child) return null;
      const ended = once(child, "exit");
      child.kill(signal);
      const [code] = await ended;
      return z.number().nullable().parse(code);
    },
  };
}

const Ready = z.object({ type: z.literal("ready"), origin: z.string(), setupCode: z.string().nullable() });

/** A console, its one node, and a browser that looks at both all the time. */
async function setUp(name: string) {
  const home = path.join(folder, name);
  const dataDir = path.join(home, "data");
  const root = path.join(home, "root");
  const config = path.join(home, "agent.json");
  const state = calmState();
  await writeState(root, state);

  const settings = { DATA_DIR: dataDir, QUARTERDECK_TIMING_FACTOR: String(FACTOR), PORT: "0" };
  const first = program([path.join(DIST, "console.mjs"), "--no-pages"], settings);
  const child = first.start();
  const [said] = await Promise.race([once(child, "message"), once(child, "exit")]);
  const ready = Ready.safeParse(said);
  if (!ready.success) throw new Error(`The console did not start: ${first.said()}`);
  const { origin, setupCode } = ready.data;
  // From now on it is always found at the same place.
  const qd = program([path.join(DIST, "console.mjs"), "--no-pages"], { ...settings, PORT: new URL(origin).port });
  const json = { "content-type": "application/json", origin };
  const setup = { code: setupCode, user: "anna", password: "correct horse battery" };
  const signedIn = await fetch(`${origin}/api/v1/setup`, { method: "POST", headers: json, body: JSON.stringify(setup) });
  const cookie = (signedIn.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const post = async (route: string, body: unknown) => {
    const answer = await fetch(`${origin}/api/v1/${route}`, { method: "POST", headers: { ...json, cookie }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${route}: ${await answer.text()}`);
    return answer.json();
  };
  await post("clusters", { slug: "san-a", title: "SAN A", environment: null });
  const { token } = Enrollment.parse(await post("enrollments", { cluster: "san-a", node: "ruby", role: "member" }));
  const agentFile = path.join(DIST, "quarterdeck-agent.mjs");
  const where = ["--config", config, "--state-dir", path.join(home, "state"), "--root", root];
  const enrol = program([agentFile, "enroll", "--console", origin, "--token", token, "--node", "ruby", ...where], {});
  const [enrolled] = await once(enrol.start(), "exit");
  if (enrolled !== 0) throw new Error(`Not enrolled: ${enrol.said()}`);
  await writeFile(config, JSON.stringify({ ...z.looseObject({}).parse(JSON.parse(await readFile(config, "utf8"))), timingFactor: FACTOR }));
  const agent = program([agentFile, "run", "--config", config], {});
  await first.end("SIGTERM");
  qd.start();
  agent.start();

  async function view(): Promise<ClusterDetail["entities"]> {
    const answer = await fetch(`${origin}/api/v1/clusters/san-a`, { headers: { cookie } }).catch(() => null); // killed just now
    return answer?.ok ? ClusterDetail.parse(await answer.json()).entities : [];
  }
  await until(`${name}: the first readings`, async () => {
    const kinds = (await view()).map(({ entity }) => entity.kind);
    return kinds.includes("bond") && kinds.includes("drbd") ? true : null;
  });

  /** The browser: opens again whenever its socket ends. Every frame since it last opened. */
  let frames: readonly FeedFrame[] = [];
  let opened = 0;
  let isLooking = true;
  const looking = (async () => {
    while (isLooking) {
      const browser = await openBrowser(`${origin.replace("http", "ws")}/ws/console`, { origin, cookie }).catch(() => null); // not back yet
      if (browser) {
        opened += 1;
        frames = browser.frames;
        browser.say({ type: "scope", scope: { of: "cluster", slug: "san-a" } });
        const isOver = setInterval(() => !isLooking && browser.socket.close(), 40);
        await browser.closed;
        clearInterval(isOver);
      } else await new Promise((resolve) => setTimeout(resolve, 40));
    }
  })();

  return {
    qd,
    agent,
    view,
    /** Waits for the moment at which the browser is told of a change: its commit is under way or just done. */
    async isTold(sinceMs: number): Promise<void> {
      const isOfNode = (key: string) => key.startsWith("bond:") || key.startsWith("drbd:");
      const told = () =>
        frames.some((frame) => {
          if (frame.type !== "patch" || frame.atMs < sinceMs) return false;
          const change = frame.changes["san-a"];
          return [...Object.keys(change?.set ?? {}), ...Object.keys(change?.parts ?? {})].some(isOfNode);
        });
      await until("the browser is told", async () => told() || null, 1);
    },
    async step({ happens, says }: Step, interfere: () => Promise<void>): Promise<void> {
      const sinceMs = Date.now();
      happens(state);
      await writeState(root, state);
      await interfere();
      await until(`${name}: ${says}\n${qd.said()}\n${agent.said()}`, async () => {
        const events = (await view()).flatMap(({ entity }) => (entity.kind === "event" ? [entity] : []));
        return events.some(({ text, atMs }) => text.startsWith(says) && atMs >= sinceMs) ? true : null;
      });
    },
    /** What the browser's store holds now, by key; how often it opened. */
    browser: () => ({ opened, entities: stored(frames).clusters.get("san-a") ?? new Map<string, unknown>() }),
    /** Ends everything in good order and answers the timeline that is in the database, in its order. */
    async finish() {
      isLooking = false;
      await looking;
      expect(await agent.end("SIGTERM")).toBe(0);
      expect(await qd.end("SIGTERM")).toBe(0);
      const db = await openDatabase(dataDir, MIGRATIONS);
      const events = await db.events.recentEvents("san-a", 10_000);
      await db.close();
      return events
        .filter(({ by }) => by !== "found by the console")
        .sort((a, b) => a.id - b.id)
        .map(({ node, source, subject, text, level }) => ({
          node,
          source,
          subject,
          text: text.replace(/ after .*$/, " after a while"),
          level,
        }));
    },
  };
}

/** The story with everything in peace. */
async function unbroken() {
  const world = await setUp("unbroken");
  for (const step of story()) await world.step(step, async () => undefined);
  return world.finish();
}

/** The story with a kill in half of its steps: of the agent, the console or both; at once, while the news is on its way, or as it is told. */
async function broken() {
  const random = randomFrom(SEED);
  const world = await setUp("broken");
  const steps = story();
  const chosen = new Set(
    steps
      .map((_, index) => ({ index, place: random() }))
      .sort((a, b) => a.place - b.place)
      .slice(0, KILLS)
      .map(({ index }) => index),
  );
  const kills = { agent: 0, console: 0 };
  for (const [index, step] of steps.entries()) {
    const who = random();
    const moment = random();
    const waitMs = random() * 600;
    const sinceMs = Date.now();
    await world.step(step, async () => {
      if (!chosen.has(index)) return;
      if (moment < 0.5) await world.isTold(sinceMs);
      else if (moment < 0.8) await new Promise((resolve) => setTimeout(resolve, waitMs));
      const isAgent = who < 2 / 3;
      const isConsole = who > 1 / 3;
      await Promise.all([isAgent && world.agent.end("SIGKILL"), isConsole && world.qd.end("SIGKILL")]);
      if (isConsole) world.qd.start();
      if (isAgent) world.agent.start();
      kills.agent += isAgent ? 1 : 0;
      kills.console += isConsole ? 1 : 0;
    });
  }
  const final = await world.view();
  const isShown = (key: string) => key.startsWith("bond:") || key.startsWith("drbd:") || key.startsWith("mirror:");
  const expected = Object.fromEntries(final.flatMap(({ key, entity }) => (isShown(key) ? [[key, entity]] : [])));
  await until("the browser shows the end of it", async () => {
    const { entities } = world.browser();
    return Object.entries(expected).every(([key, entity]) => JSON.stringify(entities.get(key)) === JSON.stringify(entity)) ? true : null;
  });
  const { opened } = world.browser();
  return { events: await world.finish(), kills, opened, shown: Object.keys(expected) };
}

it(`kill -9 of console and agent in ${KILLS} rounds: the timeline is that of an unbroken run, and everybody comes back by himself`, {
  timeout: 600_000,
}, async () => {
  await mkdir(folder, { recursive: true });
  const [calm, torn] = await Promise.all([unbroken(), broken()]);
  expect(calm.length).toBeGreaterThan(story().length);
  expect(torn.events).toEqual(calm);
  expect(torn.shown).toContain("bond:ruby/bond0");
  // Every kill of a console closed the browser's socket; it came back each time.
  expect(torn.kills.agent).toBeGreaterThan(5);
  expect(torn.kills.console).toBeGreaterThan(5);
  expect(torn.opened).toBeGreaterThan(torn.kills.console / 2);
});
