// SPDX-License-Identifier: Apache-2.0
import { type Cluster, nodeOf } from "@/sim/model/model";
import { agentsIn } from "@/sim/tree/installed-files";
import { defineFault, type FaultReach, twoOf } from "./define";

function membersOf(cluster: Cluster): string[] {
  return cluster.nodes.flatMap(({ name, role }) => (role === "member" ? [name] : []));
}

function setLack(reach: FaultReach, args: readonly string[], isThere: boolean): void {
  const [name, agent] = twoOf(["the node", "the agent or unit, as the CIB names it"], args);
  const { cluster } = nodeOf(reach.fleet(), name);
  if (!membersOf(cluster).includes(name)) throw new Error(`${name} is no member of ${cluster.slug}.`);
  const all = agentsIn(cluster);
  if (!all.includes(agent)) throw new Error(`Nothing of ${cluster.slug} needs ${agent}. Agents: ${all.join(", ")}.`);
  reach.change((scene) => {
    const { node } = nodeOf(scene.fleet, name);
    node.lacks = [...node.lacks.filter((one) => one !== agent), ...(isThere ? [] : [agent])];
  });
}

/** An agent or a unit that a service needs is not installed, on a node to which the service may come one day. */
export const uninstall = defineFault({
  name: "uninstall",
  title: "Take from a node what a service needs",
  args: ["NODE", "AGENT"],
  choices: (reach) =>
    reach.fleet().clusters.flatMap((cluster) => membersOf(cluster).flatMap((node) => agentsIn(cluster).map((agent) => [node, agent]))),
  apply: (reach, args) => setLack(reach, args, false),
  repair: (reach, args) => setLack(reach, args, true),
});
