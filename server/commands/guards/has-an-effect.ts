// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import { counted, joinWords } from "@/server/cluster/words";
import { clusterOf } from "@/server/findings/define";
import { defineGuard, type Found } from "../define";
import { isThere, nodeOf, resourceOf, resourcesOn } from "../look";

/** The cluster may touch what is to move: in maintenance, or unmanaged, it takes the command and does nothing. */
export const clusterMayAct = defineGuard({
  name: "cluster-may-act",
  number: "4.10",
  check({ view, touched }): Found[] {
    const { from, isWholeNode } = touched;
    if (clusterOf(view)?.pacemaker?.maintenance) {
      const message = "The cluster is in maintenance: nothing moves by itself until that ends. End it first.";
      return [{ level: "block", message, about: [keyOf.cluster] }];
    }
    const node = nodeOf(view, from);
    if (node?.isInMaintenance) {
      const message = `${node.name} is in maintenance: the cluster would move nothing away from it. End that first.`;
      return [{ level: "block", message, about: [keyOf.node(node.name)] }];
    }
    if (isWholeNode && from !== null) {
      const held = resourcesOn(view, from).filter(({ type, isManaged }) => type === "primitive" && isManaged === false);
      if (held.length === 0) return [];
      const ids = held.slice(0, 3).map(({ id }) => id);
      const names = joinWords(held.length > 3 ? [...ids, counted(held.length - 3, "other")] : ids);
      const message = `${names} ${held.length === 1 ? "is" : "are"} unmanaged: the cluster leaves ${held.length === 1 ? "it" : "them"} running on ${from}. Manage ${held.length === 1 ? "it" : "them"} first, or stop by hand.`;
      return [{ level: "warn", message, about: held.map(({ id }) => keyOf.resource(id)) }];
    }
    const [first] = touched.resources;
    const resource = resourceOf(view, first);
    if (resource?.isManaged !== false) return [];
    const message = `${resource.id} is unmanaged: the cluster would not move it. Manage it first.`;
    return [{ level: "block", message, about: [keyOf.resource(resource.id)] }];
  },
});

/** What is to leave a node is somewhere: Pacemaker takes the move of a stopped resource, and starts nothing. */
export const resourceRuns = defineGuard({
  name: "resource-runs",
  number: "4.10",
  check({ view, touched }) {
    const [first] = touched.resources;
    const resource = resourceOf(view, first);
    if (!resource || touched.isWholeNode || resource.places.some(isThere)) return [];
    const message = `${resource.id} is stopped: a move would leave a constraint, and start nothing. See why it is stopped first.`;
    return [{ level: "block", message, about: [keyOf.resource(resource.id)] }];
  },
});
