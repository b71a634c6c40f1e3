// SPDX-License-Identifier: Apache-2.0
import type { Cluster, SimBond, SimNode } from "./model";
import { later, print, type Scene } from "./scene";

/** Whether an interface of the node carries: a port with its cable, a bond with a port that carries. */
export function carries(node: SimNode, name: string): boolean {
  const bond = node.bonds.find((candidate) => candidate.name === name);
  if (bond) return bond.members.some((member) => member.isUp);
  return node.ports.some((port) => port.name === name && port.isCableIn);
}

/** The physical ports of an interface, through all depths of bonds; none where there is no such interface. */
export function leavesOf(node: SimNode, name: string | null): string[] {
  const bond = node.bonds.find((candidate) => candidate.name === name);
  if (bond) return bond.members.flatMap((member) => leavesOf(node, member.name));
  return node.ports.flatMap((port) => (port.name === name ? [port.name] : []));
}

/** The MAC of an interface: a bond has its first port's. */
export function macOf(node: SimNode, name: string): string {
  const bond = node.bonds.find((candidate) => candidate.name === name);
  const first = bond?.members[0];
  if (first) return macOf(node, first.name);
  return node.ports.find((port) => port.name === name)?.mac ?? "00:00:00:00:00:00";
}

/** Speed of an interface in Mbit/s as the kernel adds it up; null while it does not carry. */
export function speedOf(node: SimNode, name: string): number | null {
  const bond = node.bonds.find((candidate) => candidate.name === name);
  if (!bond) return node.ports.find((port) => port.name === name)?.speedMbps ?? null;
  const up = bond.members.filter((member) => member.isUp);
  return up.length === 0 ? null : up.reduce((sum, member) => sum + (speedOf(node, member.name) ?? 0), 0);
}

/** After a cable moved: every bond learns it, leaves first; then DRBD, if what carries it went or came back. */
export function followCables(scene: Scene, cluster: Cluster, node: SimNode): void {
  const before = node.mirrorInterface !== null && carries(node, node.mirrorInterface);
  for (const bond of node.bonds) followMembers(scene, node, bond);
  const after = node.mirrorInterface !== null && carries(node, node.mirrorInterface);
  if (before === after) return;
  for (const mirror of cluster.mirrors) {
    for (const { a, b } of mirror.links.filter((link) => link.a === node.name || link.b === node.name)) {
      const minor = mirror.copies[0]?.minor ?? 0;
      if (after) later(scene, cluster, 2_000 + minor * 400, { kind: "linkFound", mirror: mirror.name, a, b });
      else later(scene, cluster, 3_000 + minor * 1_500, { kind: "linkLost", mirror: mirror.name, a, b });
    }
  }
}

function followMembers(scene: Scene, node: SimNode, bond: SimBond): void {
  const isOld = node.kernel.startsWith("3.");
  for (const member of bond.members) {
    const isUp = carries(node, member.name);
    if (isUp === member.isUp) continue;
    member.isUp = isUp;
    scene.traces.push({ kind: "link", node: node.name, name: member.name });
    if (isUp) {
      member.speedMbps = speedOf(node, member.name);
      const speed = `${member.speedMbps ?? 0} Mbps full duplex`;
      print(
        scene,
        node,
        isOld
          ? `${bond.name}: link status definitely up for interface ${member.name}, ${speed}`
          : `${bond.name}: (slave ${member.name}): link status definitely up, ${speed}`,
      );
    } else {
      member.failures += 1;
      if (node.bonds.some((other) => other.name === member.name)) member.speedMbps = null;
      print(
        scene,
        node,
        isOld
          ? `${bond.name}: link status definitely down for interface ${member.name}, disabling it`
          : `${bond.name}: (slave ${member.name}): link status definitely down, disabling slave`,
      );
    }
  }
  if (bond.mode === "802.3ad") return;
  const active = bond.members.find((member) => member.name === bond.active);
  if (active?.isUp) return;
  const next = bond.members.find((member) => member.isUp)?.name ?? null;
  if (next === bond.active) return;
  bond.active = next;
  if (next === null) print(scene, node, `${bond.name}: now running without any active interface!`);
  else print(scene, node, `${bond.name}: (slave ${next}): making interface the new active one`);
}
