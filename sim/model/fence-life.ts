// SPDX-License-Identifier: Apache-2.0

import type { FenceEvent } from "./manager";
import { type Cluster, memberOf } from "./model";
import { powerOff } from "./power";
import { later, type Scene, touch } from "./scene";

/** The management board needs about this long. */
const FENCE_MS = 1_300;
/** From power off to power on of one reboot. */
const POWER_CYCLE_MS = 2_500;
/** crm_mon was asked for so many. */
const REMEMBERED = 3;

/** Who wants a node fenced; null: the cluster itself, from its DC. */
export interface FenceRequest {
  action: FenceEvent["action"];
  client: string | null;
  origin: string | null;
}

/** The cluster has a node fenced, because of itself or of a person. */
export function askFence(scene: Scene, cluster: Cluster, name: string, { action, client, origin }: FenceRequest): void {
  const { pacemaker } = cluster;
  const member = memberOf(cluster, name);
  if (!member) return;
  // What the cluster itself wants fenced it does not trust until it is.
  if (client === null) member.isUnclean = true;
  const witness = pacemaker.members.find((candidate) => candidate.isOnline && candidate.node !== name)?.node ?? null;
  const device = pacemaker.fenceDevices.find((candidate) => candidate.target === name);
  pacemaker.fencing.unshift({
    target: name,
    action,
    status: "pending",
    client: client ?? "pacemaker-controld.1484",
    origin: origin ?? pacemaker.dc,
    delegate: device?.node && device.node !== name ? device.node : witness,
    completedAtMs: null,
  });
  pacemaker.fencing.splice(REMEMBERED);
  later(scene, cluster, FENCE_MS, { kind: "memberFenced", node: name });
  touch(scene, cluster);
}

/** The fencing agent reports success: the node has no power, and what ran on it is known to be stopped. */
export function fenceMember(scene: Scene, cluster: Cluster, name: string): void {
  const { pacemaker } = cluster;
  const member = memberOf(cluster, name);
  const event = pacemaker.fencing.find((candidate) => candidate.target === name && candidate.status === "pending");
  if (!member || !event) return;
  Object.assign(event, { status: "success", completedAtMs: scene.fleet.atMs });
  const node = cluster.nodes.find((candidate) => candidate.name === name);
  if (node && node.power !== "off") {
    powerOff(scene, cluster, node);
    if (event.action === "reboot") later(scene, cluster, POWER_CYCLE_MS, { kind: "poweredOn", node: name });
  }
  Object.assign(member, { isOnline: false, isPending: false, isUnclean: false });
  const witness = pacemaker.members.find((candidate) => candidate.isOnline && !candidate.isPending);
  if (pacemaker.dc === name && witness) pacemaker.dc = witness.node;
  pacemaker.failures = pacemaker.failures.filter((failure) => failure.node !== name);
  for (const primitive of pacemaker.services.flatMap((service) => service.primitives)) {
    if (primitive.node === name) Object.assign(primitive, { node: null, state: "Stopped" });
    if (primitive.stopped?.node === name) primitive.stopped = null;
  }
  for (const device of pacemaker.fenceDevices) if (device.node === name) device.node = null;
  touch(scene, cluster);
  later(scene, cluster, 400, { kind: "step" });
}
