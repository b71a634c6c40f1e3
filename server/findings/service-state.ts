// SPDX-License-Identifier: Apache-2.0
import { originOf } from "@/server/cluster/history";
import { clusterOf, defineRule, every, goneNodes } from "./define";

/** A service failed, is blocked, runs twice or not at all. What stood on a gone node is that node's finding. */
export const serviceState = defineRule({
  name: "service-state",
  doc: {
    area: "cluster",
    title: "A service failed, is blocked, runs twice or nowhere",
    means: "Pacemaker shows it as failed, blocked, active on two nodes, orphaned or stopped without an order.",
    levels: ["bad", "risk", "unknown"],
    fires: "Its state in crm_mon's XML, judged with the operations that failed.",
    not: "One stopped by target-role, one the cluster is just moving, unmanaged ones, and what stood on a node that is gone.",
    todo: "See why, then clean it up.",
    needs: [84, 87, 90],
  },
  find(view) {
    const quorum = clusterOf(view)?.pacemaker?.quorum.level;
    if (quorum === "bad") return [];
    const gone = goneNodes(view);
    const isSomeNodeAway = every(view, "node").some(([, { role, state }]) => role === "member" && state.level !== "ok");
    return every(view, "resource").flatMap(([key, service]) => {
      const { said, id } = service;
      if (service.parents.length > 0 || !["bad", "risk", "unknown"].includes(said.level)) return [];
      // Where nobody says whether there is a quorum, that one finding tells why no service is known.
      if (said.level === "unknown" && quorum === "unknown") return [];
      if (said.level === "unknown" && service.places.some((place) => gone.has(place.node))) return [];
      // Fence devices have no place while a node is gone, joins or is in standby: that is the node's finding.
      if (said.word === "stopped" && service.agent?.startsWith("stonith:") && isSomeNodeAway) return [];
      return [
        {
          id: `service-state:${id}`,
          level: said.level,
          title: titleOf(id, said.word),
          why: said.why ?? "",
          todo: said.level === "bad" ? `See why, then: crm_resource --cleanup -r ${id}` : null,
          about: [key, ...service.places.map(({ node }) => `node:${node}`)],
        },
      ];
    });
  },
});

function titleOf(id: string, word: string): string {
  if (word === "running twice") return `${id} runs twice`;
  if (word === "failed") return `${id} failed`;
  if (word === "blocked") return `${id} is blocked`;
  if (word === "stopped") return `${id} is stopped`;
  return `${id}: ${word}`;
}

/** Constraints that a tool left behind: they decide silently where services may go. */
export const leftOver = defineRule({
  name: "left-over",
  doc: {
    area: "cluster",
    title: "A constraint was left behind",
    means: "A ban or preference of an old move, or DRBD's own lock of promotion, decides silently where a service may go.",
    levels: ["risk"],
    fires:
      "A location constraint named cli-ban-, cli-prefer- or drbd-fence-by-handler-. Its age is that of the console's first sight of it.",
    not: "Constraints that the configuration itself has.",
    todo: "Clear it; DRBD's own goes by itself when the copies are in sync.",
    needs: [92, 5],
  },
  find(view) {
    return every(view, "constraint").flatMap(([key, { constraint, said }]) => {
      const origin = originOf(constraint);
      if (said.level !== "risk" || origin === "configuration") return [];
      const resource = constraint.resource ?? "a service";
      const todo =
        origin === "drbdFence"
          ? "It goes by itself when the copies are in sync. Do not delete it while they are not."
          : `crm_resource --clear -r ${resource}, when nothing depends on it any more.`;
      const title = origin === "drbdFence" ? `DRBD has locked promotion of ${resource}` : `${resource} is ${said.word}`;
      return [
        { id: `left-over:${constraint.id}`, level: "risk" as const, title, why: said.why ?? "", todo, about: [key, `rsc:${resource}`] },
      ];
    });
  },
});
