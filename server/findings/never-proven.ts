// SPDX-License-Identifier: Apache-2.0

import { keyOf } from "@/agent/protocol/console/view";
import { byName, joinWords } from "@/server/cluster/words";
import { defineRule, every } from "./define";
import { aboutOf, NOT_KNOWN, OVER } from "./standing";

/** Services named in a sentence; the rest is counted. */
const NAMED = 4;

/** A node that has never started what it is to take over, as far as the cluster remembers: whether it can is not known. */
export const neverProven = defineRule({
  name: "never-proven",
  doc: {
    area: "nodes",
    title: "A node never ran a service",
    means: "Whether it can take the service over is not known: the cluster remembers no start there.",
    levels: ["absent"],
    fires: "Pacemaker's history has a start of the service on another node and none on this member, which is up.",
    not: "A service that may not run there by the configuration, fencing devices, clones, and nodes whose history was not read. The history begins anew with a cleanup or a reboot.",
    todo: "Move it there at a quiet time, and look whether all of it comes up.",
    needs: [121, 122, 103],
  },
  find(view) {
    const banned = new Set(
      every(view, "constraint").flatMap(([, { constraint }]) =>
        constraint.kind === "location" && constraint.score === "-INFINITY" ? [`${constraint.resource} ${constraint.node}`] : [],
      ),
    );
    const clones = new Set(
      every(view, "resource").flatMap(([, { id, type }]) => (["clone", "promotable", "bundle"].includes(type) ? [id] : [])),
    );
    const services = every(view, "resource").filter(
      ([, { children, agent, timings = [], parents }]) =>
        children.length === 0 &&
        agent?.startsWith("stonith:") !== true &&
        timings.some(({ task }) => task === "start") &&
        !parents.some((parent) => clones.has(parent)),
    );
    return every(view, "node").flatMap(([key, { name, role, state }]) => {
      if (role !== "member" || state.level !== "ok") return [];
      const never = services.filter(
        ([, { id, timings = [], parents }]) =>
          !timings.some(({ node }) => node === name) && ![id, ...parents].some((one) => banned.has(`${one} ${name}`)),
      );
      if (never.length === 0) return [];
      const ids = never.map(([, { id }]) => id).sort(byName);
      const rest = ids.length - NAMED;
      return [
        {
          id: `never-proven:${name}`,
          level: "absent" as const,
          title: `${name} never ran ${joinWords(rest > 0 ? [...ids.slice(0, NAMED), `${rest} more`] : ids)}`,
          why: "The cluster remembers no start there: whether it can take over is not known.",
          todo: "Move it there at a quiet time, and look whether all of it comes up.",
          about: [key, ...never.map(([its]) => its)],
        },
      ];
    });
  },
  // Only of a node that could take services it is asked.
  over: (id, view) => {
    const node = view.get(keyOf.node(aboutOf(id)));
    return node?.kind === "node" && node.state.level !== "ok" ? NOT_KNOWN : OVER;
  },
});
