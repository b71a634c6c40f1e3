// SPDX-License-Identifier: Apache-2.0
import { type Cluster, copyOf, mirrorOf } from "@/sim/model/model";
import { type CibNode, childOf } from "./tree";

/** Makes a cluster what the status of a CIB says: who runs what, with which role. For copies only: the status never makes the world. */
export function recall(cluster: Cluster, cib: CibNode): void {
  const { pacemaker } = cluster;
  const states = childOf(cib, "status")?.content ?? [];
  const operationsOn = (node: string, id: string): string[] => {
    const lrm = childOf(childOf(states.find((state) => state.attributes.uname === node) ?? null, "lrm"), "lrm_resources");
    const operations = childOf(lrm, "lrm_resource", id)?.content ?? [];
    return operations.flatMap(({ attributes }) => (attributes["rc-code"] === "7" ? [] : [attributes.operation ?? ""]));
  };
  const placeOf = (id: string) => pacemaker.members.find(({ node }) => operationsOn(node, id).includes("start"))?.node ?? null;
  for (const { primitives, stack } of pacemaker.services) {
    for (const primitive of primitives) {
      const node = placeOf(primitive.id);
      // In the middle of a start or stop the status does not say which.
      if (node !== primitive.node || primitive.state === "Started" || primitive.state === "Stopped")
        Object.assign(primitive, { node, state: node === null ? "Stopped" : "Started" });
    }
    for (const { drbd, mirror: name } of stack) {
      const mirror = mirrorOf(cluster, name);
      for (const { node } of mirror.copies) {
        const operations = operationsOn(node, drbd);
        const role = operations.includes("promote") ? "Primary" : "Secondary";
        Object.assign(copyOf(mirror, node), { isUp: operations.length > 0, role });
      }
    }
  }
  for (const device of pacemaker.fenceDevices) device.node = placeOf(device.id);
}
