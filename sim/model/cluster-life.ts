// SPDX-License-Identifier: Apache-2.0
import { announce } from "./aoe-life";
import { changeRole } from "./drbd-life";
import { type Cluster, copyOf, memberOf, mirrorOf, type Service } from "./model";
import { isOn, later, print, type Scene, touch } from "./scene";

/** One action of the cluster's executor takes about this long. */
const STEP_MS = 1_200;

export function isQuorate(cluster: Cluster): boolean {
  const { members, isTwoNode } = cluster.pacemaker;
  const online = members.filter((member) => member.isOnline).length;
  return isTwoNode ? online > 0 : online * 2 > members.length;
}

/** Corosync's token ran out: the others go on without the node, and have it fenced. */
export function loseMember(scene: Scene, cluster: Cluster, name: string): void {
  const { pacemaker } = cluster;
  const member = memberOf(cluster, name);
  if (!member?.isOnline || isOn(cluster, name)) return;
  const witness = pacemaker.members.find((candidate) => candidate.isOnline && !candidate.isPending && isOn(cluster, candidate.node));
  // Nobody is left to notice.
  if (!witness) return;
  member.isOnline = false;
  member.isPending = false;
  if (pacemaker.dc === name) pacemaker.dc = witness.node;
  if (pacemaker.isStonithEnabled && isQuorate(cluster)) {
    member.isUnclean = true;
    const device = pacemaker.fenceDevices.find((candidate) => candidate.target === name);
    pacemaker.fencing.unshift({
      target: name,
      action: "reboot",
      status: "pending",
      client: "pacemaker-controld.1484",
      origin: pacemaker.dc,
      delegate: device?.node !== name && device?.node ? device.node : witness.node,
      completedAtMs: null,
    });
    pacemaker.fencing.splice(3);
    later(scene, cluster, 1_300, { kind: "memberFenced", node: name });
  }
  touch(scene, cluster);
}

/** The fencing agent reports success: what ran on the node is known to be stopped. */
export function fenceMember(scene: Scene, cluster: Cluster, name: string): void {
  const { pacemaker } = cluster;
  const member = memberOf(cluster, name);
  if (!member?.isUnclean) return;
  member.isUnclean = false;
  for (const event of pacemaker.fencing) {
    if (event.target === name && event.status === "pending") Object.assign(event, { status: "success", completedAtMs: scene.fleet.atMs });
  }
  for (const primitive of pacemaker.services.flatMap((service) => service.primitives)) {
    if (primitive.node === name) Object.assign(primitive, { node: null, state: "Stopped" });
  }
  // A node's own fencing device must run elsewhere: with nobody else there it stops.
  for (const device of pacemaker.fenceDevices) {
    if (device.node === name)
      device.node = pacemaker.members.find((candidate) => candidate.isOnline && candidate.node !== device.target)?.node ?? null;
  }
  touch(scene, cluster);
  later(scene, cluster, 400, { kind: "step" });
}

/** Corosync on a booted node found the others; its Pacemaker has not joined yet. */
export function joinCorosync(scene: Scene, cluster: Cluster, name: string): void {
  const member = memberOf(cluster, name);
  if (!member || !isOn(cluster, name)) return;
  Object.assign(member, { isOnline: true, isPending: true, isUnclean: false });
  if (!pacemakerAnswers(cluster, cluster.pacemaker.dc)) cluster.pacemaker.dc = name;
  touch(scene, cluster);
  later(scene, cluster, 2_000, { kind: "pacemakerJoined", node: name });
}

/** True when crm_mon on the node has a cluster to speak of. */
export function pacemakerAnswers(cluster: Cluster, name: string): boolean {
  return isOn(cluster, name) && memberOf(cluster, name)?.isOnline === true;
}

/** Pacemaker joined: DRBD's resource agent brings the mirrors up, and they look for their peers. */
export function joinPacemaker(scene: Scene, cluster: Cluster, name: string): void {
  const member = memberOf(cluster, name);
  if (!member?.isPending || !isOn(cluster, name)) return;
  member.isPending = false;
  for (const device of cluster.pacemaker.fenceDevices) if (device.node === null && device.target !== name) device.node = name;
  for (const mirror of cluster.mirrors) {
    const copy = mirror.copies.find((candidate) => candidate.node === name);
    if (!copy) continue;
    copy.isUp = true;
    const node = cluster.nodes.find((candidate) => candidate.name === name);
    if (node) print(scene, node, `block drbd${copy.minor}: disk( Attaching -> ${copy.disk} ) `);
    for (const { a, b } of mirror.links.filter((link) => link.a === name || link.b === name)) {
      later(scene, cluster, 1_500 + copy.minor * 500, { kind: "linkFound", mirror: mirror.name, a, b });
    }
  }
  touch(scene, cluster);
  later(scene, cluster, STEP_MS, { kind: "step" });
}

/** Where a service may run: nodes in order of preference, with every mirror good there. */
function candidates(cluster: Cluster, service: Service): string[] {
  const banned = cluster.pacemaker.constraints.filter(
    (ban) => ban.score === "-INFINITY" && (ban.resource === service.group || service.stack.some((layer) => layer.clone === ban.resource)),
  );
  return service.order.filter((name) => {
    const member = memberOf(cluster, name);
    if (!member?.isOnline || member.isPending || member.isStandby || !isOn(cluster, name)) return false;
    if (banned.some((ban) => ban.node === name)) return false;
    return service.stack.every((layer) => {
      const copy = mirrorOf(cluster, layer.mirror).copies.find((candidate) => candidate.node === name);
      return copy?.isUp === true && copy.disk === "UpToDate";
    });
  });
}

function holderOf(cluster: Cluster, service: Service): string | null {
  const running = service.primitives.find((primitive) => primitive.node !== null)?.node;
  if (running) return running;
  const primary = service.stack
    .flatMap((layer) => mirrorOf(cluster, layer.mirror).copies)
    .find((copy) => copy.role === "Primary" && copy.isUp && isOn(cluster, copy.node));
  return primary?.node ?? null;
}

/** Each service takes at most one step towards where it should be; while any did, the next steps follow. */
export function stepServices(scene: Scene, cluster: Cluster): void {
  const { pacemaker } = cluster;
  if (pacemaker.isMaintenance || (!isQuorate(cluster) && pacemaker.noQuorumPolicy === "stop")) return;
  if (pacemaker.members.some((member) => member.isUnclean)) return;
  const moved = pacemaker.services.map((service) => stepService(scene, cluster, service));
  if (!moved.includes(true)) return;
  touch(scene, cluster);
  const isPlanned = scene.fleet.agenda.some((due) => due.cluster === cluster.slug && due.act.kind === "step");
  if (!isPlanned) later(scene, cluster, STEP_MS, { kind: "step" });
}

/** True when something was done, or is waited for. */
function stepService(scene: Scene, cluster: Cluster, service: Service): boolean {
  const able = candidates(cluster, service);
  const holder = holderOf(cluster, service);
  const holds = holder !== null && memberOf(cluster, holder)?.isOnline === true && !memberOf(cluster, holder)?.isStandby;
  const target = holds ? holder : (able[0] ?? null);
  if (holder !== null && holder !== target) return leave(scene, cluster, service, holder);
  if (target === null) return false;
  const mirrors = service.stack.map((layer) => mirrorOf(cluster, layer.mirror));
  const secondary = mirrors.filter((mirror) => copyOf(mirror, target).role === "Secondary");
  if (secondary.length > 0) {
    if (!able.includes(target)) return false;
    // DRBD refuses a second Primary as long as it counts the old one as connected.
    if (secondary.some((mirror) => mirror.copies.some((copy) => copy.node !== target && copy.role === "Primary"))) return true;
    for (const mirror of secondary) changeRole(scene, cluster, mirror, target, "Primary");
    return true;
  }
  return arrive(scene, cluster, service, target);
}

function arrive(scene: Scene, cluster: Cluster, service: Service, target: string): boolean {
  for (const primitive of service.primitives) {
    if (primitive.state === "Started") continue;
    if (primitive.state === "Starting") {
      Object.assign(primitive, { state: "Started", startedAtMs: scene.fleet.atMs, call: primitive.call + 2 });
      const node = cluster.nodes.find((candidate) => candidate.name === target);
      if (node) announce(scene, cluster, node, primitive.id);
    } else {
      Object.assign(primitive, { state: "Starting", node: target });
    }
    return true;
  }
  return false;
}

function leave(scene: Scene, cluster: Cluster, service: Service, holder: string): boolean {
  const last = [...service.primitives].reverse().find((primitive) => primitive.state !== "Stopped");
  if (last) {
    if (last.state === "Stopping") {
      Object.assign(last, { state: "Stopped", node: null });
      // Unmounted; where it is mounted next the journal is replayed first.
      const node = cluster.nodes.find((candidate) => candidate.name === holder);
      if (node) node.stopped = node.stopped.filter((point) => point !== last.parameters.directory);
    } else last.state = "Stopping";
    return true;
  }
  for (const layer of service.stack) changeRole(scene, cluster, mirrorOf(cluster, layer.mirror), holder, "Secondary");
  return true;
}
