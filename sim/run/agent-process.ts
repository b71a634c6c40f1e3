// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdirSync, readFileSync, type WriteStream, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { decodeJson } from "@/agent/protocol/decode";
import type { NodeRole } from "@/agent/protocol/names";
import { StepKind } from "@/agent/protocol/steps";
import type { ConsoleClient } from "./console-client";
import type { CuttableProxy } from "./cuttable-proxy";
import { errorCode } from "./error-code";
import { nodePlaces } from "./world";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** An agent that ran this long was well; its next start is again the first try. */
const WELL_AFTER_MS = 30_000;

/** Small enough that the fault full-journal fills it, large enough for everything that a short outage leaves. */
const JOURNAL_BYTES = 512 * 1024;

/** The node's clock: the machine's own, ahead by what the simulation says. Loaded before the agent's program, which is unchanged. */
const NODE_CLOCK = `data:text/javascript,${encodeURIComponent(`
  const Machine = Date;
  let offsetMs = 0;
  const now = () => Machine.now() + offsetMs;
  globalThis.Date = class extends Machine {
    constructor(...given) {
      if (given.length === 0) super(now());
      else super(...given);
    }
    static now() {
      return now();
    }
  };
  process.on("message", (message) => {
    if (typeof message?.clockOffsetMs === "number") offsetMs = message.clockOffsetMs;
  });
  process.channel?.unref();
`)}`;

/** What the simulation remembers of an enrolment: enough to know whether it still holds. */
const Enrolled = z.object({ agentId: z.string(), proxyPort: z.number().int() });
type Enrolled = z.infer<typeof Enrolled>;

export interface AgentProcessOptions {
  dir: string;
  node: string;
  cluster: string;
  role: NodeRole;
  /** The agent's program. */
  agent: string;
  proxy: CuttableProxy;
  /** The console's; the proxy passes bytes on and ends no TLS. */
  scheme: "http" | "https";
  timingFactor: number;
}

function readEnrolled(file: string): Enrolled | null {
  try {
    const found = decodeJson(Enrolled, readFileSync(file, "utf8"));
    return found.ok ? found.value : null;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  }
}

/** The proxy's port of the node's enrolment; 0 when it has none. */
export function enrolledPort(dir: string, node: string): number {
  return readEnrolled(path.join(nodePlaces(dir, node).home, "enrolled.json"))?.proxyPort ?? 0;
}

/** One real agent on a simulated node: enrolled once, run, and started again when it crashes. */
export function createAgentProcess(options: AgentProcessOptions) {
  const { dir, node, cluster, role, agent, proxy, scheme, timingFactor } = options;
  const { home, root, bin } = nodePlaces(dir, node);
  const config = path.join(home, "agent.json");
  const enrolledFile = path.join(home, "enrolled.json");
  const origin = `${scheme}://127.0.0.1:${proxy.port}`;
  mkdirSync(home, { recursive: true });
  let child: ChildProcess | null = null;
  let wanted = false;
  let attempt = 0;
  let again: NodeJS.Timeout | null = null;
  let log: WriteStream | null = null;
  let clockOffsetMs = 0;

  /** Runs the agent program to its end. @throws with what it said when it fails */
  function run(args: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const one = spawn(process.execPath, [agent, ...args], { stdio: ["ignore", "ignore", "pipe"] });
      let said = "";
      one.stderr.on("data", (bytes: Buffer) => {
        said = `${said}${bytes}`.slice(-2_000);
      });
      one.on("error", reject);
      one.on("close", (code) =>
        code === 0 ? resolve() : reject(new Error(`${node}: the agent's ${args[0]} ended with ${code}: ${said.trim()}`)),
      );
    });
  }

  /** The agent reaches the console through its own proxy, whose port may be another than last time, as may be whether it speaks TLS. */
  function setAddress(enrolled: Enrolled): void {
    reconfigure("console", origin);
    if (enrolled.proxyPort !== proxy.port) writeFileSync(enrolledFile, JSON.stringify({ ...enrolled, proxyPort: proxy.port }));
  }

  /** Multiplies the agent's timing as the console multiplies its own, and keeps its journal small enough to be filled. */
  function setTiming(): void {
    reconfigure("timingFactor", timingFactor, 1);
    reconfigure("journalMaxBytes", JOURNAL_BYTES);
  }

  /** The demo's nodes take every step; a real one takes none until its admin says so. */
  function allowSteps(): void {
    const policy = path.join(home, "policy.json");
    writeFileSync(policy, `${JSON.stringify({ steps: StepKind.options }, null, 2)}\n`, { mode: 0o600 });
    reconfigure("policyFile", policy);
  }

  function reconfigure(key: string, value: unknown, unsaid?: unknown): void {
    const held = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(config, "utf8")));
    if ((held[key] ?? unsaid) === value) return;
    writeFileSync(config, `${JSON.stringify({ ...held, [key]: value }, null, 2)}\n`, { mode: 0o600 });
  }

  function spawnAgent(): void {
    again = null;
    if (!wanted || child) return;
    log ??= createWriteStream(path.join(home, "agent.log"), { flags: "a" });
    const startedMs = Date.now();
    // The flags keep a Node program that mostly waits small.
    const one = spawn(process.execPath, ["--max-old-space-size=128", "--import", NODE_CLOCK, agent, "run", "--config", config], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    child = one;
    if (clockOffsetMs !== 0) one.send({ clockOffsetMs });
    one.stdout?.pipe(log, { end: false });
    one.stderr?.pipe(log, { end: false });
    one.on("error", (error) => log?.write(`${error.message}\n`));
    one.on("close", () => {
      if (child === one) child = null;
      if (!wanted) return;
      if (Date.now() - startedMs > WELL_AFTER_MS) attempt = 0;
      again = setTimeout(spawnAgent, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt++));
    });
  }

  return {
    node,
    cluster,
    /** Makes sure that the console trusts this node's agent. */
    async enrol(console: ConsoleClient, known: Awaited<ReturnType<ConsoleClient["agents"]>>): Promise<void> {
      const own = known.filter((entry) => entry.cluster === cluster && entry.node === node && entry.trustEndedAtMs === null);
      const enrolled = readEnrolled(enrolledFile);
      if (enrolled && own.some((entry) => entry.id === enrolled.agentId)) {
        setAddress(enrolled);
        setTiming();
        allowSteps();
        return;
      }
      for (const stranger of own) await console.endTrust(stranger.id);
      const token = await console.newToken({ cluster, node, role });
      const state = path.join(home, "state");
      await run([
        "enroll",
        "--console",
        origin,
        "--token",
        token,
        "--node",
        node,
        "--config",
        config,
        "--state-dir",
        state,
        "--root",
        root,
        "--bin",
        bin,
      ]);
      const now = (await console.agents()).filter(
        (entry) => entry.cluster === cluster && entry.node === node && entry.trustEndedAtMs === null,
      );
      const made = now[0];
      if (!made) throw new Error(`${node} enrolled, but the console does not list it.`);
      writeFileSync(enrolledFile, JSON.stringify({ agentId: made.id, proxyPort: proxy.port } satisfies Enrolled));
      setTiming();
      allowSteps();
    },
    start(): void {
      wanted = true;
      attempt = 0;
      if (again === null) spawnAgent();
    },
    /** The node lost its power: no last words. */
    kill(): void {
      wanted = false;
      if (again) clearTimeout(again);
      again = null;
      child?.kill("SIGKILL");
    },
    /** Sets the node's clock, also for agents that start later. */
    setClock(offsetMs: number): void {
      clockOffsetMs = offsetMs;
      child?.send({ clockOffsetMs });
    },
    isRunning: () => child !== null,
    pid: () => child?.pid ?? null,
    /** Ends it in good order, or else for sure. */
    async stop(): Promise<void> {
      wanted = false;
      if (again) clearTimeout(again);
      const one = child;
      if (one) {
        const late = setTimeout(() => one.kill("SIGKILL"), 3_000);
        const closed = new Promise<void>((resolve) => one.once("close", () => resolve()));
        one.kill("SIGTERM");
        await closed;
        clearTimeout(late);
      }
      log?.end();
    },
  };
}
export type AgentProcess = ReturnType<typeof createAgentProcess>;
