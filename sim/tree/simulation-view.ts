// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from "@/sim/model/model";
import type { Prediction } from "@/sim/model/predict";
import type { Simulation } from "@/sim/text/simulate";
import { cloneInstances, type Instance, instancesOf, monitorOf } from "./monitor-view";

const AVAILABILITY = { reason: "node availability" };

/** What `crm_simulate` says of a prediction. */
export function simulationOf(prediction: Prediction, version: string): Simulation {
  const { before, after, fenced, operations } = prediction;
  const why = { reason: "peer is no longer part of the cluster" };
  return {
    before: monitorOf(before, version),
    actions: [
      ...(fenced === null ? [] : [{ name: "node_action" as const, attributes: { task: "Fence (reboot)", node: fenced, ...why } }]),
      ...changes(before, after).map((attributes) => ({ name: "rsc_action" as const, attributes })),
    ],
    transition: [
      ...(fenced === null ? [] : [{ name: "fencing_action" as const, attributes: { target: fenced, op: "reboot" } }]),
      ...operations
        // What ran on a fenced node nobody stops: it is known to be gone.
        .filter((operation) => operation.node !== fenced)
        .map(({ resource, task, node }) => ({ name: "rsc_action" as const, attributes: { resource, op: task, node } })),
    ],
    after: monitorOf(after, version),
  };
}

function changes(before: Cluster, after: Cluster): Record<string, string>[] {
  const drbd = before.pacemaker.services.flatMap((service) => service.stack);
  const clones = new Set(drbd.map((layer) => layer.drbd));
  const plain = (cluster: Cluster) => instancesOf(cluster).filter((instance) => !clones.has(instance.id));
  const later = new Map(plain(after).map((instance) => [instance.id, instance]));
  return [
    ...plain(before).flatMap((was) => plainChange(was, later.get(was.id)?.node ?? null)),
    ...drbd.flatMap((layer) => {
      const now = cloneInstances(after, layer.drbd, layer.mirror);
      const nodes = before.mirrors.find((mirror) => mirror.name === layer.mirror)?.copies.map((copy) => copy.node) ?? [];
      return cloneInstances(before, layer.drbd, layer.mirror).flatMap((was, index) => {
        const role = now[index]?.role ?? "Stopped";
        return roleChange(`${layer.drbd}:${index}`, was.role, role, nodes[index] ?? "");
      });
    }),
  ];
}

function plainChange({ id, node }: Instance, to: string | null): Record<string, string>[] {
  if (node === to) return [];
  if (node === null) return [{ action: "start", resource: id, node: to ?? "" }];
  if (to === null) return [{ action: "stop", resource: id, node, ...AVAILABILITY }];
  return [{ action: "move", resource: id, source: node, dest: to }];
}

function roleChange(resource: string, role: string, next: string, node: string): Record<string, string>[] {
  if (role === next) return [];
  if (next === "Stopped") return [{ action: "stop", resource, role, node, ...AVAILABILITY }];
  if (role === "Stopped" && next === "Unpromoted") return [{ action: "start", resource, node }];
  return [{ action: next === "Promoted" ? "promote" : "demote", resource, role, "next-role": next, source: node }];
}
