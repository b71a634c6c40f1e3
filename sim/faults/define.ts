// SPDX-License-Identifier: Apache-2.0
import type { ClusterManager } from "@/sim/model/manager";
import { clusterOf, type Fleet } from "@/sim/model/model";
import { type Scene, touch } from "@/sim/model/scene";
import { planStep, STEP_MS } from "@/sim/model/service-life";

/** What a fault can reach: the world, the lines to the console, the tools and the agents. */
export interface FaultReach {
  fleet(): Fleet;
  change(act: (scene: Scene) => void): void;
  /** Cuts or mends the line between a node's agent and the console. */
  cutLine(node: string): void;
  mendLine(node: string): void;
  killAgent(node: string): void;
  /** Sets a node's clock ahead (or back) of the true time by so many milliseconds. */
  setClock(node: string, offsetMs: number): void;
  setTool(node: string, tool: string, state: "works" | "hangs" | "forbidden"): void;
  tools(node: string): readonly string[];
}

/** Something that can be broken, and put right again. */
export interface Fault {
  name: string;
  /** What an operator would say happened. */
  title: string;
  /** Names of the arguments, in order. */
  args: readonly string[];
  /** Every useful choice of arguments, for the control page. */
  choices(reach: FaultReach): string[][];
  /** @throws with a sentence when it cannot be done so */
  apply(reach: FaultReach, args: readonly string[]): void;
  /** @throws with a sentence when it cannot be done so */
  repair(reach: FaultReach, args: readonly string[]): void;
  /** True for what cannot be undone by itself: it just happens. */
  isMoment?: boolean;
}

export function defineFault(fault: Fault): Fault {
  return fault;
}

/** The only argument. @throws with what to say otherwise */
export function oneOf(what: string, args: readonly string[]): string {
  const [first, more] = args;
  if (!first || more !== undefined) throw new Error(`Say ${what}, and nothing else.`);
  return first;
}

/** The two arguments. @throws with what to say otherwise */
export function twoOf(what: readonly [string, string], args: readonly string[]): readonly [string, string] {
  const [first, second, more] = args;
  if (!first || !second || more !== undefined) throw new Error(`Say ${what[0]} and ${what[1]}, and nothing else.`);
  return [first, second];
}

/** The names of all nodes. */
export function everyNode(reach: FaultReach): string[] {
  return reach.fleet().clusters.flatMap((cluster) => cluster.nodes.map((node) => node.name));
}

/** Every member that a fencing device is for. */
export function membersWithFencing(reach: FaultReach): string[][] {
  return reach.fleet().clusters.flatMap(({ pacemaker }) => pacemaker.fenceDevices.map(({ target }) => [target]));
}

/** An admin changes a cluster's configuration: a new epoch of the CIB, and what the cluster makes of it. */
export function configureCluster(reach: FaultReach, slug: string, edit: (pacemaker: ClusterManager) => void): void {
  reach.change((scene) => {
    const cluster = clusterOf(scene.fleet, slug);
    const { pacemaker } = cluster;
    edit(pacemaker);
    pacemaker.epoch += 1;
    pacemaker.lastChange = { atMs: scene.fleet.atMs, user: "root", client: "cibadmin", origin: pacemaker.dc };
    touch(scene, cluster);
    planStep(scene, cluster, STEP_MS);
  });
}

/** The primitive of a service that fails: what is mounted, else what starts last. @throws where the cluster has no such service or member */
function victimOf(reach: FaultReach, group: string, node: string): { slug: string; resource: string } {
  for (const { slug, pacemaker } of reach.fleet().clusters) {
    const service = pacemaker.services.find((candidate) => candidate.group === group);
    if (!service) continue;
    if (!pacemaker.members.some((member) => member.node === node)) throw new Error(`${node} is no member of ${slug}.`);
    const found = service.primitives.find(({ agent }) => agent.endsWith(":Filesystem")) ?? service.primitives.at(-1);
    if (found) return { slug, resource: found.id };
  }
  throw new Error(`There is no service ${group}.`);
}

/** A primitive's start or stop fails on a node whenever it is tried. */
export function failing(task: "start" | "stop", title: string): Fault {
  return defineFault({
    name: `fail-${task}`,
    title,
    args: ["SERVICE", "NODE"],
    choices: (reach) =>
      reach
        .fleet()
        .clusters.flatMap(({ pacemaker }) => pacemaker.services.flatMap(({ group, order }) => order.map((node) => [group, node]))),
    apply(reach, args) {
      const [group, node] = twoOf(["the service", "the node"], args);
      const { slug, resource } = victimOf(reach, group, node);
      reach.change((scene) => void clusterOf(scene.fleet, slug).pacemaker.traps.push({ resource, node, task }));
    },
    repair(reach, args) {
      const [group, node] = twoOf(["the service", "the node"], args);
      const { slug, resource } = victimOf(reach, group, node);
      reach.change((scene) => {
        const { pacemaker } = clusterOf(scene.fleet, slug);
        pacemaker.traps = pacemaker.traps.filter((trap) => trap.resource !== resource || trap.node !== node || trap.task !== task);
      });
    },
  });
}
