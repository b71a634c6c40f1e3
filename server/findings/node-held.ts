// SPDX-License-Identifier: Apache-2.0

import { keyOf } from "@/agent/protocol/console/view";
import { BY_HAND } from "@/server/cluster/nodes";
import { clusterOf, defineRule, every } from "./define";
import { aboutOf, NOT_KNOWN, OVER, STILL_SO } from "./standing";

/** Nodes that are there but take no services: standby, maintenance, joining, leaving. */
export const nodeHeld = defineRule({
  name: "node-held",
  doc: {
    area: "nodes",
    title: "A node takes no services",
    means: "Standby, maintenance, joining or leaving.",
    levels: ["held", "busy"],
    fires: "Pacemaker says so of a node that is there.",
    not: "The whole cluster's maintenance, told once.",
    todo: "End it when the work is done.",
    needs: [79, 85],
  },
  find(view) {
    const isMaintenance = clusterOf(view)?.pacemaker?.maintenance === true;
    return every(view, "node").flatMap(([key, node]) => {
      const { level, word, why } = node.state;
      // The whole cluster is held: that is told once, not of each node.
      if (isMaintenance && level === "held" && word === BY_HAND) return [];
      if (level !== "held" && level !== "busy") return [];
      const how = word === "standby" ? "in standby" : word === "maintenance" ? "in maintenance" : word;
      const todo = word === "standby" ? `crm_standby -N ${node.name} -D lets it take services again.` : null;
      return [{ id: `node-held:${node.name}`, level, title: `${node.name} is ${how}`, why: why ?? "", todo, about: [key] }];
    });
  },
  over: (id, view) => {
    const node = view.get(keyOf.node(aboutOf(id)));
    if (node?.kind !== "node" || node.state.level === "ok") return OVER;
    return node.state.level === "held" ? STILL_SO : NOT_KNOWN;
  },
});
