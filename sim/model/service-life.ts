// SPDX-License-Identifier: Apache-2.0
import { announce } from "./aoe-life";
import { dropCopy, raiseCopy } from "./copy-life";
import { changeRole } from "./drbd-life";
import { askFence } from "./fence-life";
import { type Cluster, copyOf, memberOf, mirrorOf, type Primitive, type Service } from "./model";
import { canHost, isCopyWanted, isManaged, placementOf } from "./placement";
import { isQuorate } from "./quorum";
import { isOn, later, type Scene, touch } from "./scene";

/** One action of the cluster's executor takes about this long. */
export const STEP_MS = 1_200;

/** Each service takes at most one step towards where it should be; while any did, the next steps follow. */
export function stepServices(scene: Scene, cluster: Cluster): void {
  if (!stepAll(scene, cluster)) return;
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
  const { promoted, runs } = placementOf(cluster, service, scene.fleet.atMs);
  const hasMovedCopies = stepCopies(scene, cluster, service);
  const leaving = service.primitives.filter(
    (primitive) => primitive.state !== "Stopped" && (primitive.node !== promoted || !runs.includes(primitive)),
  );
  const last = leaving.at(-1);
  // What must stop first is in the way of everything else.
  if (last) return leave(scene, cluster, service, last) || hasMovedCopies;
  const moved =
    demote(scene, cluster, service, promoted) ??
    promote(scene, cluster, service, promoted) ??
    arrive(scene, cluster, service, promoted, runs);
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

/** Null: nothing to demote, go on. */
function demote(scene: Scene, cluster: Cluster, service: Service, promoted: string | null): boolean | null {
  let found: boolean | null = null;
  for (const layer of service.stack) {
    const mirror = mirrorOf(cluster, layer.mirror);
    for (const copy of mirror.copies) {
      if (copy.role !== "Primary" || copy.node === promoted || !copy.isUp || memberOf(cluster, copy.node)?.isOnline !== true) continue;
      found ??= false;
      // Two Primaries: not the cluster's doing, and not for it to end.
      if (promoted !== null && copyOf(mirror, promoted).role === "Primary") return null;
      if (!isManaged(cluster, [layer.clone, layer.drbd], copy.node)) continue;
      changeRole(scene, cluster, mirror, copy.node, "Secondary");
      found = true;
    }
  }
  return found;
}

/** Null: all are Primary there, go on. */
function promote(scene: Scene, cluster: Cluster, service: Service, target: string | null): boolean | null {
  if (target === null) return false;
  const secondary = service.stack.filter((layer) => copyOf(mirrorOf(cluster, layer.mirror), target).role === "Secondary");
  if (secondary.length === 0) return null;
  if (secondary.some((layer) => !isManaged(cluster, [layer.clone, layer.drbd], target))) return false;
  const mirrors = secondary.map((layer) => mirrorOf(cluster, layer.mirror));
  // DRBD refuses a second Primary as long as it counts the old one as connected.
  if (mirrors.some((mirror) => mirror.copies.some((copy) => copy.node !== target && copy.role === "Primary"))) return true;
  for (const mirror of mirrors) changeRole(scene, cluster, mirror, target, "Primary");
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
  const reason = task === "stop" ? "Couldn't unmount, processes still use it" : "No such device";
  const { failures } = cluster.pacemaker;
  const others = failures.filter((failure) => failure.resource !== id || failure.node !== node);
  failures.splice(0, failures.length, ...others, { resource: id, node, task, reason, call, atMs: scene.fleet.atMs });
}
