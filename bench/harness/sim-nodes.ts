// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { AgentList } from "@/agent/protocol/console/api";
import type { NodeRole } from "@/agent/protocol/names";
import { createFaultDesk } from "@/sim/faults/catalog";
import { newFleet } from "@/sim/model/fleet";
import { clusterOf } from "@/sim/model/model";
import { createAgentProcess } from "@/sim/run/agent-process";
import { type ConsoleClient, createConsoleClient } from "@/sim/run/console-client";
import { createCuttableProxy } from "@/sim/run/cuttable-proxy";
import { followPower, type NodeRun, type RunOf, reachOf } from "@/sim/run/node-runs";
import { createWorld, type World } from "@/sim/run/world";
import { type BenchConsole, ROOT, startConsole, temporaryFolder } from "./console";
import { until } from "./wait";

type Later = (end: () => unknown) => void;

/** A console of its own with simulated nodes and their real agents, in the bench's own hands: nothing moves but by `world`. */
export interface BenchFleet {
  console_: BenchConsole;
  world: World;
  /** What breaks things in it, and mends them. */
  desk: ReturnType<typeof createFaultDesk>;
}

/** One cluster; the rest of the fleet would only cost time in every change. `later` is given what ends it. */
export const startCluster = (slug: string, later: Later): Promise<BenchFleet> => startFleet([slug], later);

/** Some clusters of the fleet. */
export async function startFleet(slugs: readonly string[], later: Later): Promise<BenchFleet> {
  const dir = temporaryFolder();
  later(() => rmSync(dir, { recursive: true, force: true }));
  const console_ = await startConsole();
  later(console_.remove);
  const whole = newFleet({ atMs: Date.now(), isCalm: true, pace: 1, newId: randomUUID });
  const clusters = slugs.map((slug) => clusterOf(whole, slug));
  const world = createWorld({ dir, fleet: { ...whole, clusters }, now: Date.now });
  later(world.stop);
  world.go();
  const made = z
    .object({ token: z.string() })
    .parse(await console_.ask("POST", "/api/v1/tokens", { name: "bench", role: "admin", days: null }));
  const client = createConsoleClient(console_.origin, made.token);
  const runs = new Map<string, NodeRun>();
  const runOf: RunOf = (name) => {
    const run = runs.get(name);
    if (!run) throw new Error(`There is no node ${name}.`);
    return run;
  };
  for (const { slug, title, environment, nodes } of clusters) {
    await client.addCluster({ slug, title, environment });
    for (const { name, role } of nodes) runs.set(name, await runNode({ dir, slug, name, role }, console_, client, later));
  }
  await until(async () => {
    const { agents } = AgentList.parse(await console_.ask("GET", "/api/v1/agents"));
    return agents.length === runs.size && agents.every(({ link }) => link === "live") ? true : null;
  }, "the simulated nodes' agents did not link");
  const desk = createFaultDesk(reachOf(world, runOf), Date.now);
  followPower(world, runOf, (name) => desk.active().some((fault) => fault.name === "cut-agent" && fault.args[0] === name));
  return { console_, world, desk };
}

/** A node's real agent on its tree, enrolled and started. */
async function runNode(
  { dir, slug, name, role }: { dir: string; slug: string; name: string; role: NodeRole },
  { origin }: BenchConsole,
  client: ConsoleClient,
  later: Later,
): Promise<NodeRun> {
  const { hostname: host, port } = new URL(origin);
  const proxy = await createCuttableProxy({ host, port: Number(port) }, 0);
  later(proxy.close);
  const program = path.join(ROOT, "dist/quarterdeck-agent.mjs");
  const agent = createAgentProcess({ dir, node: name, cluster: slug, role, agent: program, proxy, scheme: "http", timingFactor: 1 });
  await agent.enrol(client, []);
  agent.start();
  later(agent.stop);
  return { agent, proxy };
}
