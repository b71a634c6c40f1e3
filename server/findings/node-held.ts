// SPDX-License-Identifier: Apache-2.0
import { BY_HAND } from "@/server/cluster/nodes";
import { clusterOf, defineRule, every } from "./define";

/** Nodes that are there but take no services: standby, maintenance, joining, leaving. */
export const nodeHeld = defineRule({
  name: "node-held",
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
});
