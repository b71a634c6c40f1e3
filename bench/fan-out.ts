// SPDX-License-Identifier: Apache-2.0
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { HostFacts } from "@/agent/protocol/model/host";
import { openBrowserSocket } from "./harness/browser-socket";
import { startConsole } from "./harness/console";
import { median, quantile } from "./harness/numbers";
import { cpuMs, rssMb } from "./harness/processes";
import { linkAgents, type ScriptedAgent } from "./harness/scripted-agents";
import { pause, until, withCleanup } from "./harness/wait";
import { type Measurement, type Row, row } from "./row";

const NODES_PER_CLUSTER = 2;
const SETTLING_MS = 5_000;
const MEASURE_MS = 30_000;
const LATE_MS = 15_000;

interface Load {
  name: string;
  agents: number;
  browsers: number;
}

const HOST: HostFacts = {
  kernel: null,
  bootId: "b",
  uptimeSeconds: null,
  cpus: 8,
  load1: 1,
  memoryTotalBytes: 2 ** 36,
  memoryAvailableBytes: 2 ** 35,
  ioPressurePercent: 0,
  eccCorrected: null,
  eccUncorrected: null,
  interfaces: [],
  unread: [],
};

/** A change that every browser can be asked about: its mark is the name of a kernel. */
const markOf = (agent: number, turn: number): string => `bench-${agent}-${turn}.`;

async function measureLoad({ name, agents: count, browsers }: Load, say: (sentence: string) => void): Promise<Row[]> {
  return withCleanup(async (later) => {
    const console_ = await startConsole();
    later(console_.remove);
    const wanted = Array.from({ length: count }, (_, index) => ({
      cluster: `c${Math.floor(index / NODES_PER_CLUSTER)}`,
      node: `n${index}`,
    }));
    for (const slug of new Set(wanted.map(({ cluster }) => cluster)))
      await console_.ask("POST", "/api/v1/clusters", { slug, title: slug, environment: null });
    say(`${count} agents link`);
    const agents = await linkAgents(console_, wanted, later);

    const sentAtMs = new Map<string, number>();
    const spans: number[] = [];
    let isMeasuring = false;
    // A change counts once in each browser: the timeline names a kernel again when the next one comes.
    const hearing = () => {
      const heard = new Set<string>();
      return (text: string) => {
        const nowMs = performance.now();
        if (!isMeasuring || !text.startsWith('{"type":"patch"')) return;
        for (const [mark] of text.matchAll(/bench-\d+-\d+\./g)) {
          const atMs = sentAtMs.get(mark);
          if (atMs === undefined || heard.has(mark)) continue;
          heard.add(mark);
          spans.push(nowMs - atMs);
        }
      };
    };
    // Every browser looks at the whole fleet: the page to which every change goes.
    for (let index = 0; index < browsers; index += 1) later((await openBrowserSocket(console_, { of: "fleet" }, hearing())).close);

    let turn = 0;
    const change = (agent: ScriptedAgent, index: number) => {
      turn += 1;
      const mark = markOf(index, turn);
      if (isMeasuring) sentAtMs.set(mark, performance.now());
      agent.tell("host", { host: { status: "ok", takenAtMs: Date.now(), value: { ...HOST, kernel: mark } } });
    };
    const timers = agents.map((agent, index) => {
      let timer = setTimeout(
        () => {
          timer = setInterval(() => change(agent, index), 1_000);
        },
        (index * 1_000) / agents.length,
      );
      return () => clearInterval(timer);
    });
    const stop = () => {
      for (const end of timers) end();
    };
    later(stop);
    await pause(SETTLING_MS);
    isMeasuring = true;
    const lag = monitorEventLoopDelay({ resolution: 10 });
    lag.enable();
    const before = { cpu: cpuMs(console_.pid), atMs: performance.now() };
    say(`${MEASURE_MS / 1_000} s at 1 change a second each, ${browsers} browsers`);
    await pause(MEASURE_MS);
    const cpuPercent = ((cpuMs(console_.pid) - before.cpu) / (performance.now() - before.atMs)) * 100;
    const rss = rssMb(console_.pid);
    stop();
    const wantedSpans = () => sentAtMs.size * browsers;
    const isWhole = () => agents.every((agent) => agent.acknowledged() === agent.told()) && spans.length >= wantedSpans();
    // What has not come by then is dropped, and is counted below.
    await until(() => (isWhole() ? true : null), "late", LATE_MS).catch(() => undefined);
    const unacknowledged = agents.reduce((sum, agent) => sum + agent.told() - agent.acknowledged(), 0);
    const versus = `${count} agents, ${browsers} browsers on the fleet page; the bench's own loop was late by ${(lag.percentile(99) / 1e6).toFixed(0)} ms (p99)`;
    return [
      row(`${name}.p50`, median(spans), "ms", null, versus),
      row(`${name}.p99`, quantile(spans, 0.99), "ms", 250, versus),
      row(`${name}.rss`, rss, "MB", 600, "the console's process"),
      row(`${name}.cpu`, cpuPercent, "% of a core", null, "the console's process"),
      row(`${name}.dropped`, wantedSpans() - spans.length + unacknowledged, "changes", 0, "not seen by a browser, or not acknowledged"),
    ];
  });
}

const load = (name: string, agents: number, browsers: number): Measurement => ({
  name,
  about: `${agents} agents at 1 change a second, ${browsers} browsers`,
  measure: (say) => measureLoad({ name, agents, browsers }, say),
});

export const fanOut = load("fan-out", 200, 20);
export const fanOutLarge = load("fan-out-large", 1_000, 100);
