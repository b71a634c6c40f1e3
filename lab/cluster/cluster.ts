// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Choices, RESOURCES } from "./configuration";
import { type Layout, layoutIn, layoutOf, standsFile } from "./layout";
import { hasProcesses, layNetwork, removeNetwork } from "./network";
import { ask, pidOf, powerOff, powerOn, wakeEntrances } from "./node";
import { layNode } from "./node-files";
import { until } from "./until";

/** What a lab needs of the machine, and the Debian package it is in. */
const NEEDS = [
  ["/usr/sbin/corosync", "corosync"],
  ["/usr/sbin/pacemakerd", "pacemaker"],
  ["/usr/sbin/crm_mon", "pacemaker-cli-utils"],
  ["/usr/lib/ocf/resource.d/pacemaker/Dummy", "pacemaker-resource-agents"],
  ["/usr/sbin/ip", "iproute2"],
] as const;

/** Why no lab can stand on this machine, as a sentence; null when one can. */
export function whyNoLab(): string | null {
  if (process.getuid?.() !== 0) return "A lab cluster needs root, for namespaces.";
  const missing = NEEDS.filter(([file]) => !existsSync(file)).map(([, debian]) => debian);
  return missing.length === 0 ? null : `A lab cluster needs Debian's ${missing.join(", ")}.`;
}

/** Files and networks of a lab whose nodes are off. @throws in words */
export function layCluster(dir: string, count: number, name: string | undefined, choices: Choices): Layout {
  const why = whyNoLab();
  if (why !== null) throw new Error(why);
  const layout = layoutOf(path.resolve(dir), count, name);
  const alive = layout.nodes.filter(({ netns }) => hasProcesses(netns)).map(({ name: node }) => node);
  if (alive.length > 0) throw new Error(`A lab cluster ${layout.name} runs on this machine already: ${alive.join(", ")}.`);
  // What one left whose process was killed; its nodes ended with it.
  removeNetwork(layout);
  if (existsSync(standsFile(layout.dir))) rmSync(layout.dir, { recursive: true });
  mkdirSync(layout.dir, { recursive: true });
  writeFileSync(standsFile(layout.dir), `${layout.name} ${count}`);
  layNetwork(layout);
  for (const node of layout.nodes) layNode(layout, node, choices);
  return layout;
}

/** A real Corosync and Pacemaker cluster on this machine without fencing, up and quorate, its services started. @throws in words */
export async function clusterUp(dir: string, count: number, name?: string): Promise<Layout> {
  const layout = layCluster(dir, count, name, { isTended: false });
  try {
    await Promise.all(layout.nodes.map(powerOn));
    await servicesRun(layout);
    return layout;
  } catch (error) {
    await clusterDown(layout.dir);
    throw error;
  }
}

/** Waits until every service of the lab runs. */
export async function servicesRun(layout: Layout): Promise<void> {
  const [first] = layout.nodes;
  if (!first) throw new Error("A lab has at least one node.");
  const last = RESOURCES.members[RESOURCES.members.length - 1];
  await until(
    async () => ((await ask(first, "crm_mon", "-1", "--output-as=xml"))?.match(`<resource id="${last}"[^>]* role="Started"`) ? true : null),
    "The lab's services did not start",
    180_000,
  );
}

/** Ends whatever stands in this folder. */
export async function clusterDown(dir: string): Promise<void> {
  const layout = layoutIn(dir);
  const ends = await Promise.allSettled(layout.nodes.map(powerOff));
  removeNetwork(layout);
  rmSync(layout.dir, { recursive: true, force: true });
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

/** The same without waiting, for a process that is about to end whatever it leaves behind. */
export function abandonCluster(dir: string): void {
  if (!existsSync(standsFile(path.resolve(dir)))) return;
  const layout = layoutIn(dir);
  for (const node of layout.nodes) {
    const pid = pidOf(node);
    if (pid === null) continue;
    process.kill(pid, "SIGKILL");
    wakeEntrances(pid);
  }
  removeNetwork(layout);
  rmSync(layout.dir, { recursive: true, force: true });
}
