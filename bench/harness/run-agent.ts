// SPDX-License-Identifier: Apache-2.0
import { execFile, spawn } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { AgentList } from "@/agent/protocol/console/api";
import { type BenchConsole, ended } from "./console";
import { until } from "./wait";

export interface AgentOptions {
  console: BenchConsole;
  cluster: string;
  node: string;
  /** For its configuration and state. */
  dir: string;
  root: string;
  bin: string;
  /** The agent's program. */
  agent: string;
}

/** Flags of the packaged unit. Source: packaging/quarterdeck-agent.service */
export const AGENT_FLAGS = ["--lite-mode", "--single-threaded"];

/** Enrols a real agent on a tree, starts it as the packaged unit does, and waits for its link. */
export async function runAgent(options: AgentOptions): Promise<{ pid: number; stop: () => Promise<void> }> {
  const { console: console_, cluster, node, dir, root, bin, agent } = options;
  const config = path.join(dir, "agent.json");
  const token = await console_.newToken(cluster, node);
  const enroll = ["enroll", "--console", console_.origin, "--token", token, "--node", node, "--config", config];
  await promisify(execFile)(process.execPath, [agent, ...enroll, "--state-dir", path.join(dir, "state"), "--root", root, "--bin", bin]);
  const child = spawn(process.execPath, [...AGENT_FLAGS, agent, "run", "--config", config], { stdio: ["ignore", "ignore", "inherit"] });
  await until(async () => {
    const { agents } = AgentList.parse(await console_.ask("GET", "/api/v1/agents"));
    return agents.some((each) => each.node === node && each.link === "live") ? true : null;
  }, `${node}'s agent did not link`);
  return { pid: child.pid ?? 0, stop: () => ended(child) };
}
