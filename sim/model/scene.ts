// SPDX-License-Identifier: Apache-2.0
import type { Act, Cluster, Fleet, SimNode, Trace } from "./model";

/** One moment being worked out: a fleet that may be changed in place, and what the moment leaves behind. */
export interface Scene {
  fleet: Fleet;
  traces: Trace[];
}

/** Does something later; `afterMs` is shortened by the fleet's pace. */
export function later(scene: Scene, cluster: Cluster, afterMs: number, act: Act): void {
  scene.fleet.agenda.push({ atMs: scene.fleet.atMs + afterMs / scene.fleet.pace, cluster: cluster.slug, act });
}

/** The kernel of a living node prints a line. */
export function print(scene: Scene, node: SimNode, text: string, priority = 6): void {
  if (node.power === "on") scene.traces.push({ kind: "kernel", node: node.name, atMs: scene.fleet.atMs, priority, text });
}

/** Something of the cluster's status moved: its number rises and the doorbell rings. */
export function touch(scene: Scene, cluster: Cluster): void {
  cluster.pacemaker.numUpdates += 1;
  cluster.pacemaker.changedAtMs = scene.fleet.atMs;
  scene.traces.push({ kind: "pacemaker", cluster: cluster.slug });
}

/** A number from 0 to 1, the same in every run. Source: mulberry32. */
export function chance(scene: Scene): number {
  scene.fleet.seed = (scene.fleet.seed + 0x6d2b79f5) % 2 ** 32;
  let value = scene.fleet.seed;
  value = Math.imul(value ^ (value >>> 15), value | 1);
  value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
  return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
}

export function isOn(cluster: Cluster, name: string): boolean {
  return cluster.nodes.some((node) => node.name === name && node.power === "on");
}
