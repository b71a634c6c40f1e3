// SPDX-License-Identifier: Apache-2.0
import { announce } from "./aoe-life";
import { dropCopy, raiseCopy } from "./copy-life";
import { changeRole } from "./drbd-life";
import { askFence } from "./fence-life";
import type { Primitive, Service } from "./manager";
import { type Cluster, copyOf, memberOf, mirrorOf } from "./model";
import { canHost, isCopyWanted, isManaged, type Placement, placementOf } from "./placement";
import { isQuorate } from "./quorum";
import { isOn, later, type Scene, touch } from "./scene";

/** One action of the cluster's executor takes about this long. */
export const STEP_MS = 1_200;

/** Each service takes at most one step towards where it should be; while any did, the next steps follow. */
export function stepServices(scene: Scene, cluster: Cluster): void {
  if (!stepAll(scene, cluster)) {
    cluster.pacemaker.isHoming = false;
    return;
  }
  touch(scene, cluster);
  planStep(scene, cluster, STEP_MS);
}

/** Looks at the services again soon, unless that is planned already. */
export function planStep(scene: Scene, cluster: Cluster, afterMs: number): void {
  const isPlanned = scene.fleet.agenda.some(
    (due) => due.cluster === cluster.slug && due.act.kind === "step" && due.atMs <= scene.fleet.atMs + STEP_MS / scene.fleet.pace,
  );
  if (!isPlanned) later(scene, cluster, afterMs, { kind: "step" });
}

/** True when something was done, or is waited for. */
export function stepAll(scene: Scene, cluster: Cluster): boolean {
  const { pacemaker } = cluster;
  if (pacemaker.isMaintenance || (!isQuorate(cluster) && pacemaker.noQuorumPolicy === "stop")) return false;
  if (pacemaker.members.some((member) => member.isUnclean)) return false;
  const moved = [stepFenceDevices(cluster), ...pacemaker.services.map((service) => stepService(scene, cluster, service))];
  return moved.includes(true);
}

/** A fencing device runs on any member that its constraints allow, and stays there while it can. */
function stepFenceDevices(cluster: Cluster): boolean {
  const { fenceDevices, members, constraints } = cluster.pacemaker;
  const may = (id: string, name: string) =>
    canHost(cluster, name) && !constraints.some((one) => one.resource === id && one.node === name && one.score === "-INFINITY");
  let hasMoved = false;
  for (const device of fenceDevices) {
    if ((device.node !== null && may(device.id, device.node)) || !isManaged(cluster, [device.id], device.node)) continue;
    const to = members.find((member) => may(device.id, member.node) && !member.isMaintenance)?.node ?? null;
    if (to === device.node) continue;
    device.node = to;
    hasMoved = true;
  }
  return hasMoved;
}

function stepService(scene: Scene, cluster: Cluster, service: Service): boolean {
  const { promoted, node, runs } = placementOf(cluster, service, scene.fleet.atMs);
  const hasMovedCopies = stepCopies(scene, cluster, service);
  const leaving = service.primitives.filter(
    (primitive) => primitive.state !== "Stopped" && (primitive.node !== node || !runs.includes(primitive)),
  );
  const last = leaving.at(-1);
  // What must stop first is in the way of everything else.
  if (last) return leave(scene, cluster, service, last) || hasMovedCopies;
  const moved = turn(scene, cluster, service, promoted) ?? arrive(scene, cluster, service, node, runs);
  return moved || hasMovedCopies;
}

/** Brings copies up where they belong, and down where they no longer do. */
function stepCopies(scene: Scene, cluster: Cluster, service: Service): boolean {
  let hasMoved = false;
  for (const layer of service.stack) {
    const mirror = mirrorOf(cluster, layer.mirror);
    for (const copy of mirror.copies) {
      const member = memberOf(cluster, copy.node);
      if (!member?.isOnline || member.isPending || !isOn(cluster, copy.node)) continue;
      if (!isManaged(cluster, [layer.clone, layer.drbd], copy.node)) continue;
      const isWanted = isCopyWanted(cluster, layer.clone, copy.node, scene.fleet.atMs);
      if (isWanted === copy.isUp || copy.role === "Primary") continue;
      if (isWanted) raiseCopy(scene, cluster, mirror, copy.node);
      else dropCopy(scene, cluster, mirror, copy.node);
      hasMoved = true;
    }
  }
  return hasMoved;
}

/** Demotes and promotes. Null: each mirror is as it should be, go on. */
function turn(scene: Scene, cluster: Cluster, service: Service, promoted: Placement["promoted"]): boolean | null {
  const turned = service.stack
    .map((layer) => turnMirror(scene, cluster, layer, promoted.get(layer.clone) ?? null))
    .filter((one) => one !== null);
  return turned.length === 0 ? null : turned.includes(true);
}

function turnMirror(scene: Scene, cluster: Cluster, layer: Service["stack"][number], target: string | null): boolean | null {
  const mirror = mirrorOf(cluster, layer.mirror);
  const isTargetPrimary = target !== null && copyOf(mirror, target).role === "Primary";
  // Two Primaries: not the cluster's doing, and not for it to end.
  if (isTargetPrimary) return null;
  const old = mirror.copies.find((copy) => copy.role === "Primary" && copy.node !== target);
  if (old) {
    // Of a node that is gone: DRBD refuses a second Primary as long as it counts the old one as connected.
    if (!isOn(cluster, old.node) || memberOf(cluster, old.node)?.isOnline !== true) return target !== null;
    if (!isManaged(cluster, [layer.clone, layer.drbd], old.node)) return false;
    changeRole(scene, cluster, mirror, old.node, "Secondary");
    return true;
  }
  if (target === null) return null;
  if (!isManaged(cluster, [layer.clone, layer.drbd], target)) return false;
  changeRole(scene, cluster, mirror, target, "Primary");
  return true;
}

function arrive(scene: Scene, cluster: Cluster, service: Service, target: string | null, runs: readonly Primitive[]): boolean {
  const primitive = runs.find((candidate) => candidate.state !== "Started");
  if (!primitive || target === null || !isManaged(cluster, [service.group, primitive.id], target)) return false;
  if (primitive.state !== "Starting") {
    Object.assign(primitive, { state: "Starting", node: target });
    return true;
  }
  if (isTrapped(cluster, primitive, "start")) {
    fail(scene, cluster, primitive, "start");
    // It is stopped where it failed, so that it can go elsewhere.
    Object.assign(primitive, { state: "Stopping" });
    return true;
  }
  Object.assign(primitive, { state: "Started", startedAtMs: scene.fleet.atMs, call: primitive.call + 2 });
  const node = cluster.nodes.find((candidate) => candidate.name === target);
  if (node) announce(scene, cluster, node, primitive.id);
  return true;
}

function leave(scene: Scene, cluster: Cluster, service: Service, last: Primitive): boolean {
  if (!isManaged(cluster, [service.group, last.id], last.node)) return false;
  if (last.state !== "Stopping") {
    last.state = "Stopping";
    return true;
  }
  if (isTrapped(cluster, last, "stop")) {
    const { node: holder } = last;
    fail(scene, cluster, last, "stop");
    if (holder !== null) askFence(scene, cluster, holder, { action: "reboot", client: null, origin: null });
    return true;
  }
  const node = cluster.nodes.find((candidate) => candidate.name === last.node);
  // Unmounted; where it is mounted next the journal is replayed first.
  if (node) node.stopped = node.stopped.filter((point) => point !== last.parameters.directory);
  last.call += 2;
  if (last.node !== null) last.stopped = { node: last.node, call: last.call, atMs: scene.fleet.atMs };
  Object.assign(last, { state: "Stopped", node: null });
  return true;
}

function isTrapped(cluster: Cluster, { id, node }: Primitive, task: "start" | "stop"): boolean {
  return cluster.pacemaker.traps.some((trap) => trap.resource === id && trap.node === node && trap.task === task);
}

function fail(scene: Scene, cluster: Cluster, primitive: Primitive, task: "start" | "stop"): void {
  primitive.call += 2;
  const { id, node, call } = primitive;
  if (node === null) return;
  const { failures } = cluster.pacemaker;
  const others = failures.filter((failure) => failure.resource !== id || failure.node !== node);
  failures.splice(0, failures.length, ...others, {
    resource: id,
    node,
    task,
    reason: reasonOf(primitive, task),
    call,
    atMs: scene.fleet.atMs,
  });
}

/** What the resource agent gives as its reason; most give none. Source: resource-agents 4.12, Filesystem. */
function reasonOf({ agent, parameters }: Primitive, task: "start" | "stop"): string {
  if (!agent.endsWith(":Filesystem")) return "";
  const { device, directory } = parameters;
  return task === "stop" ? `Couldn't unmount ${directory}, giving up!` : `Couldn't mount device [${device}] as ${directory}`;
}
