// SPDX-License-Identifier: Apache-2.0
import type { FaultReach } from "@/sim/faults/define";
import type { AgentProcess } from "./agent-process";
import type { CuttableProxy } from "./cuttable-proxy";
import type { World } from "./world";

/** What runs for one simulated node: its agent, and the line by which it reaches the console. */
export interface NodeRun {
  agent: AgentProcess;
  proxy: CuttableProxy;
}

/** A node's run by its name. @throws where there is none */
export type RunOf = (node: string) => NodeRun;

/** What faults reach of a fleet that runs. */
export function reachOf(world: World, runOf: RunOf): FaultReach {
  return {
    fleet: world.fleet,
    change: world.change,
    cutLine: (name) => runOf(name).proxy.cut(),
    mendLine: (name) => runOf(name).proxy.mend(),
    killAgent: (name) => runOf(name).agent.kill(),
    setClock: (name, offsetMs) => runOf(name).agent.setClock(offsetMs),
    setTool: world.setTool,
    tools: world.tools,
  };
}

/**
 * A node that loses its power loses its line and its agent, however it came; when its boot is through it gets them back.
 * `isCutByHand`: its line stays cut all the same.
 */
export function followPower(world: World, runOf: RunOf, isCutByHand: (node: string) => boolean): void {
  const powers = new Map<string, string>();
  world.onChange((now) => {
    for (const node of now.clusters.flatMap((cluster) => cluster.nodes)) {
      const before = powers.get(node.name);
      powers.set(node.name, node.power);
      if (before === node.power) continue;
      const { agent, proxy } = runOf(node.name);
      if (node.power === "off") {
        // The line first: the console must not see the agent's socket close.
        proxy.cut();
        agent.kill();
      }
      // A slow machine may see it off and then on, with the boot between two looks.
      if (before === undefined || node.power !== "on") continue;
      if (!isCutByHand(node.name)) proxy.mend();
      agent.start();
    }
  });
}
