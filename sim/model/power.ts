// SPDX-License-Identifier: Apache-2.0
import type { Cluster, SimNode } from "./model";
import { followCables } from "./network-life";
import { chance, later, print, type Scene } from "./scene";
import { bootStorage } from "./storage-life";

/** From power on until the agent starts. */
const BOOT_MS = 11_000;

/** Power fails: nothing is said any more; the others notice one after another. */
export function powerOff(scene: Scene, cluster: Cluster, node: SimNode): void {
  if (node.power === "off") return;
  const wasOn = node.power === "on";
  node.power = "off";
  scene.fleet.agenda = scene.fleet.agenda.filter(
    (due) => due.cluster !== cluster.slug || !("node" in due.act) || due.act.node !== node.name,
  );
  for (const session of node.iscsi?.sessions ?? []) Object.assign(session, { servedBy: null, isConnected: false });
  if (!wasOn) return;
  for (const mirror of cluster.mirrors) {
    const minor = mirror.copies[0]?.minor ?? 0;
    for (const { a, b } of mirror.links.filter((link) => link.a === node.name || link.b === node.name)) {
      later(scene, cluster, 2_500 + minor * 900, { kind: "linkLost", mirror: mirror.name, a, b });
    }
  }
  if (node.role === "member") later(scene, cluster, 3_500, { kind: "memberLost", node: node.name });
}

/** Power comes back: the node boots, which takes its time. */
export function powerOn(scene: Scene, cluster: Cluster, node: SimNode): void {
  if (node.power !== "off") return;
  node.power = "booting";
  later(scene, cluster, BOOT_MS, { kind: "booted", node: node.name });
}

/** The same, of a node by its name. */
export function bootNode(scene: Scene, cluster: Cluster, name: string): void {
  const node = cluster.nodes.find((candidate) => candidate.name === name);
  if (node) powerOn(scene, cluster, node);
}

/** The kernel is up, the ports have their links, the agent may start. */
export function finishBoot(scene: Scene, cluster: Cluster, name: string): void {
  const node = cluster.nodes.find((candidate) => candidate.name === name);
  if (node?.power !== "booting") return;
  node.power = "on";
  node.bootedAtMs = scene.fleet.atMs - 8_000;
  node.bootId = newBootId(scene);
  node.stopped = [];
  bootStorage(node);
  for (const bond of node.bonds) for (const member of bond.members) member.failures = 0;
  print(scene, node, `Linux version ${node.kernel} (gcc 12.2.0) SMP`, 5);
  for (const mirror of cluster.mirrors) {
    // Its peers noticed long ago; a node that was off for less than that finds its links waiting as well.
    for (const link of mirror.links.filter((candidate) => candidate.a === name || candidate.b === name)) {
      if (link.state !== "standAlone" || link.by === name) Object.assign(link, { state: "waiting", by: null, sync: null });
    }
    for (const copy of mirror.copies) if (copy.node === name) resetCopy(copy);
  }
  // Its initiator logs in again as it did before.
  for (const session of node.iscsi?.sessions ?? [])
    Object.assign(session, { state: "LOGGED_IN", disk: "running", isConnected: true, silentMs: 0, loginMs: 0 });
  followCables(scene, cluster, node);
  if (node.role === "member") later(scene, cluster, 3_000, { kind: "corosyncJoined", node: name });
}

function resetCopy(copy: Cluster["mirrors"][number]["copies"][number]): void {
  Object.assign(copy, {
    isUp: false,
    role: "Secondary",
    counters: { sent: 0, received: 0, written: 0, read: 0, activityLog: 0, bitmap: 0 },
  });
}

function newBootId(scene: Scene): string {
  const digits = (count: number) => Array.from({ length: count }, () => Math.trunc(chance(scene) * 16).toString(16)).join("");
  return [8, 4, 4, 4, 12].map(digits).join("-");
}
