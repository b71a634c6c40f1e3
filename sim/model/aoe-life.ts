// SPDX-License-Identifier: Apache-2.0
import { addLeg, aoeName, failLeg } from "./md-life";
import type { AoeDisk, BladeExport, Cluster, SimNode } from "./model";
import { chance, print, type Scene } from "./scene";

const PLAIN_TAINT_LIMIT = 1_000;

/** True while the node runs this vblade: its resource is started there, or it needs none. */
export function isExported(cluster: Cluster, node: SimNode, blade: BladeExport): boolean {
  return (
    node.power === "on" &&
    (blade.primitive === null ||
      cluster.pacemaker.services.some((service) =>
        service.primitives.some(
          (primitive) => primitive.id === blade.primitive && primitive.node === node.name && primitive.state === "Started",
        ),
      ))
  );
}

function plainMac(node: SimNode, portName: string): string {
  return (node.ports.find((port) => port.name === portName)?.mac ?? "").replaceAll(":", "");
}

function hasCable(node: SimNode, portName: string): boolean {
  return node.ports.some((port) => port.name === portName && port.isCableIn);
}

/** The node that answers for a disk at the MAC the client sends to. */
function answers(cluster: Cluster, disk: AoeDisk): SimNode | null {
  const found = cluster.nodes.find((node) =>
    node.exports.some(
      (blade) =>
        blade.shelf === disk.shelf &&
        blade.slot === disk.slot &&
        plainMac(node, blade.port) === disk.mac &&
        hasCable(node, blade.port) &&
        isExported(cluster, node, blade),
    ),
  );
  return found ?? null;
}

/** One step of time on every initiator: disks are read and written, or their target is silent. */
export function advanceAoe(scene: Scene, cluster: Cluster, dtMs: number): void {
  for (const node of cluster.nodes) {
    if (node.power !== "on") continue;
    for (const disk of node.aoe?.devices ?? []) {
      if (hasCable(node, disk.port) && answers(cluster, disk)) serve(scene, node, disk, dtMs);
      else wait(scene, node, disk, dtMs);
    }
  }
}

function serve(scene: Scene, node: SimNode, disk: AoeDisk, dtMs: number): void {
  const requests = Math.round((6 + 20 * chance(scene)) * (dtMs / 1000));
  disk.reads += requests;
  disk.writes += Math.round(requests / 3);
  disk.rttAvgUs = Math.round(190 + 60 * chance(scene));
  disk.outstanding = 0;
  if (disk.silentMs > 0) {
    // Back: the window opens again and the mark of distrust goes.
    disk.silentMs = 0;
    disk.taint = 0;
    disk.window = disk.windowMax;
    if (disk.state === "down") print(scene, node, `aoe: ${disk.mac} e${disk.shelf}.${disk.slot} v4019 has ${disk.sizeKib * 2} sectors`);
    disk.state = "up";
    addLeg(scene, node, aoeName(disk));
  }
}

function wait(scene: Scene, node: SimNode, disk: AoeDisk, dtMs: number): void {
  disk.silentMs += dtMs;
  // The first retransmissions come after some hundred milliseconds; then the window falls to one frame.
  if (disk.silentMs < 800) return;
  disk.window = 1;
  disk.outstanding = 1;
  disk.taint = Math.min(PLAIN_TAINT_LIMIT, disk.taint + Math.ceil(dtMs / 500));
  const deadSeconds = node.aoe?.deadSeconds ?? 180;
  if (disk.state === "up" && disk.silentMs > deadSeconds * 1000) {
    disk.state = "down";
    print(scene, node, `aoe: device e${disk.shelf}.${disk.slot} is not responding for ${deadSeconds} seconds; failing it`, 3);
    failLeg(scene, node, aoeName(disk));
  }
}

/** A vblade started: its announcement reaches every client whose port carries. */
export function announce(scene: Scene, cluster: Cluster, node: SimNode, primitive: string): void {
  for (const blade of node.exports.filter((candidate) => candidate.primitive === primitive)) {
    for (const client of cluster.nodes) hear(scene, client, node, blade);
  }
}

/** A client asks who is there: every target that it reaches answers. */
export function discover(scene: Scene, cluster: Cluster, client: SimNode): void {
  for (const node of cluster.nodes) {
    for (const blade of node.exports) if (isExported(cluster, node, blade)) hear(scene, client, node, blade);
  }
}

/** A target says where it is: who uses it sends there from now on. */
function hear(scene: Scene, client: SimNode, node: SimNode, blade: BladeExport): void {
  if (client.power !== "on" || !hasCable(node, blade.port)) return;
  const mac = plainMac(node, blade.port);
  for (const disk of client.aoe?.devices ?? []) {
    if (disk.shelf !== blade.shelf || disk.slot !== blade.slot || !hasCable(client, disk.port) || disk.mac === mac) continue;
    disk.mac = mac;
    print(scene, client, `aoe: ${mac} e${blade.shelf}.${blade.slot} v4019 has ${disk.sizeKib * 2} sectors`);
  }
}
