// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { type ControlState, controlOf } from "@/sim/control-client";
import { createFaultDesk, FAULTS } from "@/sim/faults/catalog";
import { newFleet } from "@/sim/model/fleet";
import { startedOn } from "@/sim/model/manager";
import { createAgentProcess, enrolledPort } from "./agent-process";
import { createConsoleClient } from "./console-client";
import { startControl } from "./control";
import { createCuttableProxy } from "./cuttable-proxy";
import { followPower, type NodeRun, reachOf } from "./node-runs";
import { createWorld } from "./world";

/** Enrolling starts a program per node; more at once would only wait for each other. */
const ENROL_AT_ONCE = 2;
const ASK_EVERY_MS = 300;

export interface RunOptions {
  dir: string;
  /** The console's origin. */
  console: string;
  /** The agent's program. */
  agent: string;
  adminToken: string;
  pace: number;
  isCalm: boolean;
  timingFactor: number;
}

/** A running fleet: `ready` resolves when the console hears every agent. */
export interface FleetRun {
  readonly nodes: readonly string[];
  readonly controlUrl: string;
  ready: Promise<void>;
  stop(): Promise<void>;
}

/** Lays the trees down, enrols every node and runs its agent until told to stop. */
export async function runFleet(options: RunOptions): Promise<FleetRun> {
  const dir = path.resolve(options.dir);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (await isRunningIn(dir)) throw new Error(`A simulation runs in ${dir} already: end it, or choose another --dir.`);
  const fleet = newFleet({ atMs: Date.now(), isCalm: options.isCalm, pace: options.pace, newId: randomUUID });
  // What an earlier run left is of another moment of the world; keys and enrolments stay.
  for (const cluster of fleet.clusters) {
    for (const node of cluster.nodes) {
      for (const part of ["root", "bin", "answers", "staging"])
        rmSync(path.join(dir, "nodes", node.name, part), { recursive: true, force: true });
    }
  }
  const world = createWorld({ dir, fleet, now: Date.now });
  world.go();

  const target = new URL(options.console);
  const scheme = target.protocol === "https:" ? "https" : "http";
  const port = Number(target.port === "" ? (scheme === "https" ? 443 : 80) : target.port);
  const runs = new Map<string, NodeRun>();
  for (const cluster of fleet.clusters) {
    for (const node of cluster.nodes) {
      const proxy = await createCuttableProxy({ host: target.hostname, port }, enrolledPort(dir, node.name));
      const { agent, timingFactor } = options;
      runs.set(node.name, {
        proxy,
        agent: createAgentProcess({ dir, node: node.name, cluster: cluster.slug, role: node.role, agent, proxy, scheme, timingFactor }),
      });
    }
  }
  function runOf(name: string): NodeRun {
    const run = runs.get(name);
    if (!run) throw new Error(`There is no node ${name}.`);
    return run;
  }

  const reach = reachOf(world, runOf);
  const desk = createFaultDesk(reach, Date.now);
  const control = await startControl({
    dir,
    state: (): ControlState => ({
      atMs: Date.now(),
      nodes: world.fleet().clusters.flatMap((cluster) =>
        cluster.nodes.map((node) => ({
          cluster: cluster.slug,
          node: node.name,
          power: node.power,
          isAgentRunning: runOf(node.name).agent.isRunning(),
          isLineCut: runOf(node.name).proxy.isCut(),
        })),
      ),
      services: world.fleet().clusters.flatMap(({ slug, pacemaker }) =>
        pacemaker.services.map((service) => ({
          cluster: slug,
          group: service.group,
          home: service.order[0] ?? "",
          node: startedOn(service),
        })),
      ),
      active: desk.active().map(({ name, args, sinceMs }) => ({ name, args: [...args], sinceMs })),
      faults: FAULTS.map((fault) => ({
        name: fault.name,
        title: fault.title,
        args: [...fault.args],
        isMoment: fault.isMoment ?? false,
        choices: fault.choices(reach),
      })),
    }),
    apply: ({ name, args }) => desk.apply(name, args),
    repair: ({ name, args }) => desk.repair(name, args),
  });

  followPower(world, runOf, (name) => desk.active().some((fault) => fault.name === "cut-agent" && fault.args[0] === name));
  world.start();

  const stopping = new AbortController();
  const ready = bringUp();
  // The caller may look at it later; meanwhile a failure must not count as nobody's.
  ready.catch(() => undefined);

  async function bringUp(): Promise<void> {
    const client = createConsoleClient(options.console, options.adminToken);
    for (const { slug, title, environment } of fleet.clusters) await client.addCluster({ slug, title, environment });
    const known = await client.agents();
    const waiting = [...runs.values()];
    const worker = async () => {
      for (let run = waiting.shift(); run && !stopping.signal.aborted; run = waiting.shift()) {
        await run.agent.enrol(client, known);
        if (!stopping.signal.aborted) run.agent.start();
      }
    };
    await Promise.all(Array.from({ length: ENROL_AT_ONCE }, worker));
    while (!stopping.signal.aborted) {
      const live = (await client.agents()).filter((agent) => agent.link === "live" && agent.trustEndedAtMs === null);
      const isAll = [...runs.values()].every(({ agent }) => live.some((one) => one.cluster === agent.cluster && one.node === agent.node));
      if (isAll) return;
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    }
  }

  return {
    nodes: [...runs.keys()],
    controlUrl: control.url,
    ready,
    async stop() {
      stopping.abort();
      await control.close();
      await Promise.all([...runs.values()].map(({ agent }) => agent.stop()));
      world.stop();
      for (const { proxy } of runs.values()) proxy.close();
    },
  };
}

/** True when a simulation answers from this folder; a file left by one that was killed does not answer. */
async function isRunningIn(dir: string): Promise<boolean> {
  if (!existsSync(path.join(dir, "control.json"))) return false;
  try {
    await controlOf(dir).state();
    return true;
  } catch {
    return false; // nobody answers there, or somebody else does: either way no simulation of this folder
  }
}
