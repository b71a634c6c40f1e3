// SPDX-License-Identifier: Apache-2.0
import { clusterOf, defineRule, every } from "./define";

/** Storage that may be written on two nodes at once needs fencing. */
export const fencingOff = defineRule({
  name: "fencing-off",
  find(view) {
    if (clusterOf(view)?.pacemaker?.fencing.level !== "risk") return [];
    const mirrors = every(view, "mirror");
    if (mirrors.length === 0) return [];
    return [
      {
        id: "fencing-off",
        level: "risk" as const,
        title: "Fencing is off",
        headline: "fencing is off",
        why: "stonith-enabled is false while DRBD mirrors are here: a node that hangs can write on while another takes over.",
        todo: "Set up a fencing device, test it, then set stonith-enabled to true.",
        about: ["cluster", ...mirrors.map(([key]) => key)],
      },
    ];
  },
});

/** A node is being fenced right now. */
export const fencingRuns = defineRule({
  name: "fencing-runs",
  find(view) {
    return every(view, "fencing").flatMap(([key, { fencing, said }]) =>
      said.level === "busy"
        ? [
            {
              id: `fencing-runs:${fencing.target}`,
              level: "busy" as const,
              title: `${fencing.target} is being fenced`,
              why: `${fencing.action} asked by ${fencing.client ?? fencing.origin ?? "the cluster"}.`,
              todo: null,
              about: [key, `node:${fencing.target}`],
            },
          ]
        : [],
    );
  },
});

/** The cluster watches, and touches nothing. */
export const maintenance = defineRule({
  name: "maintenance",
  find(view) {
    if (!clusterOf(view)?.pacemaker?.maintenance) return [];
    return [
      {
        id: "maintenance",
        level: "held" as const,
        title: "The cluster starts and stops nothing",
        headline: "the cluster starts and stops nothing",
        why: "maintenance-mode is on: services are not watched either. Fencing stays on.",
        todo: "Leave maintenance when the work is done.",
        about: ["cluster"],
      },
    ];
  },
});
