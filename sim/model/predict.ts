// SPDX-License-Identifier: Apache-2.0
import { type Cluster, type Fleet, memberOf } from "./model";
import type { Scene } from "./scene";
import { stepAll } from "./service-life";

/** One operation of a transition, in its order. */
export interface Operation {
  resource: string;
  task: "start" | "stop" | "promote" | "demote";
  node: string;
}

/** What the cluster would do, and where it would end. */
export interface Prediction {
  before: Cluster;
  after: Cluster;
  fenced: string | null;
  operations: readonly Operation[];
}

/** More steps than any transition has: a service that never comes to rest is a fault of the model. */
const STEPS_AT_MOST = 500;

/** Lets the scheduler work on a copy until nothing moves. No time passes, nothing fails. `lost` dies first, and is fenced. */
export function predict(fleet: Fleet, given: Cluster, lost: string | null): Prediction {
  const before = structuredClone(given);
  if (lost !== null) Object.assign(memberOf(before, lost) ?? {}, { isOnline: false, isUnclean: true });
  const after = structuredClone(before);
  after.pacemaker.traps = [];
  if (lost !== null) bury(after, lost);
  const scene: Scene = { fleet: { ...fleet, clusters: [after], agenda: [] }, traces: [] };
  const operations = operationsBetween(before, after);
  for (let step = 0; step < STEPS_AT_MOST; step += 1) {
    const was = structuredClone(after);
    const moved = stepAll(scene, after);
    operations.push(...operationsBetween(was, after));
    if (!moved) return { before, after, fenced: lost, operations };
  }
  throw new Error(`${given.slug} does not come to rest.`);
}

/** The node is fenced: nothing of it is left. */
function bury(cluster: Cluster, name: string): void {
  const { pacemaker } = cluster;
  for (const node of cluster.nodes) if (node.name === name) node.power = "off";
  Object.assign(memberOf(cluster, name) ?? {}, { isOnline: false, isUnclean: false });
  const left = pacemaker.members.find((member) => member.isOnline && !member.isPending);
  if (pacemaker.dc === name && left) pacemaker.dc = left.node;
  for (const copy of cluster.mirrors.flatMap((mirror) => mirror.copies)) {
    if (copy.node === name) Object.assign(copy, { isUp: false, role: "Secondary" });
  }
  for (const primitive of pacemaker.services.flatMap((service) => service.primitives)) {
    if (primitive.node === name) Object.assign(primitive, { node: null, state: "Stopped" });
  }
  for (const device of pacemaker.fenceDevices) if (device.node === name) device.node = null;
}

function operationsBetween(before: Cluster, after: Cluster): Operation[] {
  const found: Operation[] = [];
  const say = (resource: string, task: Operation["task"], node: string | null) => {
    if (node !== null) found.push({ resource, task, node });
  };
  const primitives = (cluster: Cluster) => cluster.pacemaker.services.flatMap((service) => service.primitives);
  const old = new Map(primitives(before).map((primitive) => [primitive.id, primitive]));
  for (const primitive of primitives(after)) {
    const was = old.get(primitive.id);
    if (was && was.state !== "Stopped" && primitive.state === "Stopped") say(primitive.id, "stop", was.node);
    if (was && was.state !== "Started" && primitive.state === "Started") say(primitive.id, "start", primitive.node);
  }
  const devices = new Map(before.pacemaker.fenceDevices.map((device) => [device.id, device.node]));
  for (const { id, node } of after.pacemaker.fenceDevices) {
    const was = devices.get(id) ?? null;
    if (was === node) continue;
    say(id, "stop", was);
    say(id, "start", node);
  }
  for (const { drbd, mirror: name } of after.pacemaker.services.flatMap((service) => service.stack)) {
    const copies = (cluster: Cluster) => cluster.mirrors.find((mirror) => mirror.name === name)?.copies ?? [];
    for (const copy of copies(after)) {
      const was = copies(before).find((candidate) => candidate.node === copy.node);
      if (!was) continue;
      if (was.role === "Primary" && copy.role !== "Primary") say(drbd, "demote", copy.node);
      if (was.isUp && !copy.isUp) say(drbd, "stop", copy.node);
      if (!was.isUp && copy.isUp) say(drbd, "start", copy.node);
      if (was.role !== "Primary" && copy.role === "Primary") say(drbd, "promote", copy.node);
    }
  }
  return found;
}
