// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { askDesk, troublesAt } from "../desk";
import { writePolicy } from "./agents";
import { type Cable, layoutIn, nodeIn } from "./layout";
import { type Ended, pidOf, run } from "./node";
import { deskSocket } from "./node-files";
import { unwrapTool, wrapTool } from "./overlay";
import type { Fencing } from "./power";
import { until } from "./until";

/** How a service of the lab fails while a test wants it to: see `inside/ocf/service`. */
export type Failing = "start-fails" | "start-slow" | "stop-fails" | "stop-hangs" | "monitor-fails";
export type Disk = "UpToDate" | "Inconsistent" | "Outdated" | "Diskless";

const Fencings = z.array(z.object({ atMs: z.number(), action: z.string(), target: z.string(), by: z.string() }));

/** A running lab as tests and people use it, from whatever process. Nodes go by their names: ruby, crystal, jade. */
export function labIn(dir: string) {
  const layout = layoutIn(dir);
  const act = async (...words: string[]): Promise<void> => {
    await askDesk(deskSocket(layout), ...words);
  };
  const inside = (name: string, command: string, ...args: string[]): Promise<Ended> => run(nodeIn(layout, name), command, ...args);

  return {
    nodes: layout.nodes.map(({ name }) => name),
    /** Runs a program inside a node, as somebody at its shell. @throws when the node is off */
    run: inside,
    /** Runs one that must succeed. @throws with what it said */
    async must(name: string, command: string, ...args: string[]): Promise<string> {
      const { exitCode, stdout, stderr } = await inside(name, command, ...args);
      if (exitCode !== 0) throw new Error(`${name}: ${command} ${args.join(" ")}: exit ${exitCode}: ${stderr.trim()}`);
      return stdout;
    },

    /** Pulls the plug: the others fence the node, and it boots again. */
    kill: (name: string) => act("kill", name),
    /** Pulls the plug for good: fencing succeeds, and the node stays off until `powerOn`. */
    powerOff: (name: string) => act("unplug", name),
    powerOn: (name: string) => act("plug-in", name),
    isOn: (name: string): boolean => pidOf(nodeIn(layout, name)) !== null,
    /** Stops everything in it, as a hung kernel does. */
    pause: (name: string) => act("pause", name),
    resume: (name: string) => act("resume", name),

    cut: (name: string, cable: Cable) => act("cut", name, cable),
    mend: (name: string, cable: Cable) => act("mend", name, cable),
    /** Both rings of a node at once: its peers do not hear it, the console does. */
    partition: async (name: string) => {
      await act("cut", name, "ring0");
      await act("cut", name, "ring1");
    },
    heal: async (name: string) => {
      await act("mend", name, "ring0");
      await act("mend", name, "ring1");
    },

    /** Corosync stays. Resolves when Pacemaker is gone, its services with it. */
    stopPacemaker: (name: string) => act("stop-pacemaker", name),
    startPacemaker: (name: string) => act("start-pacemaker", name),
    stopAgent: (name: string) => act("stop-agent", name),
    startAgent: (name: string) => act("start-agent", name),
    killConsole: () => act("kill-console"),
    startConsole: () => act("start-console"),

    /** Another state of a node's copy of the mirror, in its overlay tree. */
    setDisk: (name: string, disk: Disk) => act("disk", name, disk),
    /** From now on a service fails like this on a node, until `unfail` or the node's power goes. */
    async fail(name: string, resource: string, how: Failing): Promise<void> {
      await inside(name, "sh", "-c", 'mkdir -p /run/lab/fail && printf %s "$2" >"/run/lab/fail/$1"', "sh", resource, how);
    },
    async unfail(name: string): Promise<void> {
      await inside(name, "rm", "-rf", "/run/lab/fail");
    },

    /** Allows a node's agent these kinds of step and no other. The console hears of it when the agent starts again. */
    allow(name: string, kinds: readonly string[]): void {
      writePolicy(nodeIn(layout, name), kinds);
    },

    /** Puts a script in the place of a tool of the cluster, for a node's agent alone; it finds the tool itself under /usr/sbin. */
    wrapTool(name: string, tool: string, script: string): void {
      wrapTool(layout, nodeIn(layout, name), tool, script);
    },
    unwrapTool(name: string, tool: string): void {
      unwrapTool(layout, nodeIn(layout, name), tool);
    },

    /** What is broken now by the lab's own facts, whatever the console says. */
    troubles: () => troublesAt(deskSocket(layout)),
    /** What the power switches were asked so far, oldest first. */
    async fencings(): Promise<Fencing[]> {
      return Fencings.parse(JSON.parse(await askDesk(deskSocket(layout), "fencings")));
    },
    /** Waits for a fact, generously. @throws with `what` when it does not come */
    until: <T>(look: () => T | null | Promise<T | null>, what: string, withinMs = 120_000) => until(look, what, withinMs),
  };
}
