// SPDX-License-Identifier: Apache-2.0
import type { ChildProcess } from "node:child_process";
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { StepKind } from "@/agent/protocol/steps";
import { ROOT } from "./console";
import type { LabNode } from "./layout";
import { childrenOf, inNode, pidOf, run } from "./node";
import type { Overlay } from "./overlay";

const AGENT = path.join(ROOT, "dist/quarterdeck-agent.mjs");
/** Flags of the packaged unit. Source: packaging/quarterdeck-agent.service */
const FLAGS = ["--lite-mode", "--single-threaded"];
/** As its unit says: RestartSec. */
const RESTART_MS = 2_000;

const files = (node: LabNode) => {
  const home = path.join(node.home, "agent");
  const inHome = (name: string) => path.join(home, name);
  return { home, config: inHome("agent.json"), policy: inHome("policy.json"), state: inHome("state"), log: inHome("agent.log") };
};

/** What an agent may do: read anew for every question. */
export function writePolicy(node: LabNode, steps: readonly string[]): void {
  writeFileSync(files(node).policy, `${JSON.stringify({ steps })}\n`, { mode: 0o600 });
}

/** The one place where the lab writes an agent's configuration beyond what enrolling wrote. */
function configure(node: LabNode): void {
  const { config, policy: policyFile } = files(node);
  const held = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(config, "utf8")));
  writePolicy(node, StepKind.options);
  writeFileSync(config, `${JSON.stringify({ ...held, policyFile }, null, 2)}\n`, { mode: 0o600 });
}

/** The real agent of every node, inside its namespaces: started as its unit would, and gone with the node's power. */
export function tendAgents(overlay: Overlay) {
  const wanted = new Set<string>();
  const running = new Map<string, ChildProcess>();

  function spawnAgent(node: LabNode): void {
    if (!wanted.has(node.name) || running.has(node.name) || pidOf(node) === null) return;
    const log = createWriteStream(files(node).log, { flags: "a" });
    const child = inNode(node, process.execPath, [...FLAGS, AGENT, "run", "--config", files(node).config], {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    running.set(node.name, child);
    for (const stream of [child.stdout, child.stderr]) stream?.pipe(log);
    child.once("error", (error) => log.write(`${error.message}\n`));
    child.once("close", () => {
      running.delete(node.name);
      setTimeout(() => spawnAgent(node), RESTART_MS).unref();
    });
  }

  return {
    /** By the documented way: a one-time token, and the console's address on the nodes' own network. */
    async enrol(node: LabNode, address: string, token: string): Promise<void> {
      const { home, config, state } = files(node);
      mkdirSync(home, { recursive: true });
      const { root, bin } = overlay.places(node.name);
      const where = ["--console", address, "--token", token, "--node", node.name];
      const said = await run(
        node,
        process.execPath,
        AGENT,
        "enroll",
        ...where,
        ...["--config", config, "--state-dir", state, "--root", root, "--bin", bin],
      );
      if (said.exitCode !== 0) throw new Error(`${node.name} could not enrol: ${said.stderr.trim()}`);
      configure(node);
    },
    start(node: LabNode): void {
      wanted.add(node.name);
      spawnAgent(node);
    },
    /** Ends it for good; the node stays up. */
    async stop(node: LabNode): Promise<void> {
      wanted.delete(node.name);
      const child = running.get(node.name);
      if (!child) return;
      const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
      // nsenter only waits for the agent, which is its child.
      for (const pid of childrenOf(child.pid ?? 0)) process.kill(pid, "SIGTERM");
      await gone;
    },
  };
}
export type Agents = ReturnType<typeof tendAgents>;
