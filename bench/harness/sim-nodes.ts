// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { AgentList } from "@/agent/protocol/console/api";
import { newFleet } from "@/sim/model/fleet";
import { clusterOf } from "@/sim/model/model";
import { createAgentProcess } from "@/sim/run/agent-process";
import { createConsoleClient } from "@/sim/run/console-client";
import { createCuttableProxy } from "@/sim/run/cuttable-proxy";
import { createWorld, type World } from "@/sim/run/world";
import { type BenchConsole, ROOT, startConsole, temporaryFolder } from "./console";
import { until } from "./wait";

type Later = (end: () => unknown) => void;

/**
 * A console of its own with one simulated cluster and its real agents, in the bench's own hands: nothing moves in it but by
 * `world.change`. `later` is given what ends it.
 */
export async function startCluster(slug: string, later: Later): Promise<{ console_: BenchConsole; world: World }> {
  const dir = temporaryFolder();
  later(() => rmSync(dir, { recursive: true, force: true }));
  const console_ = await startConsole();
  later(console_.remove);
  return { console_, world: await startNodes(console_, dir, slug, later) };
}

async function startNodes(console_: BenchConsole, dir: string, slug: string, later: Later): Promise<World> {
  const fleet = newFleet({ atMs: Date.now(), isCalm: true, pace: 1, newId: randomUUID });
  // The rest of the fleet would only cost time in every change.
  const world = createWorld({ dir, fleet: { ...fleet, clusters: [clusterOf(fleet, slug)] }, now: Date.now });
  later(world.stop);
  world.go();
  const { title, environment, nodes } = clusterOf(fleet, slug);
  const made = z
    .object({ token: z.string() })
    .parse(await console_.ask("POST", "/api/v1/tokens", { name: "bench", role: "admin", days: null }));
  const client = createConsoleClient(console_.origin, made.token);
  await client.addCluster({ slug, title, environment });
  const { hostname: host, port } = new URL(console_.origin);
  for (const { name: node, role } of nodes) {
    const proxy = await createCuttableProxy({ host, port: Number(port) }, 0);
    later(proxy.close);
    const agent = path.join(ROOT, "dist/quarterdeck-agent.mjs");
    const process_ = createAgentProcess({ dir, node, cluster: slug, role, agent, proxy, scheme: "http", timingFactor: 1 });
    await process_.enrol(client, []);
    process_.start();
    later(process_.stop);
  }
  await until(async () => {
    const { agents } = AgentList.parse(await console_.ask("GET", "/api/v1/agents"));
    return agents.length === nodes.length && agents.every(({ link }) => link === "live") ? true : null;
  }, "the simulated nodes' agents did not link");
  return world;
}
