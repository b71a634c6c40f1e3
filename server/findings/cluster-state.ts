// SPDX-License-Identifier: Apache-2.0
import { asSentence } from "@/server/cluster/words";
import { clusterOf, defineRule, every } from "./define";

/** Storage that may be written on two nodes at once needs fencing. */
export const fencingOff = defineRule({
  name: "fencing-off",
  doc: {
    area: "cluster",
    title: "Fencing is off",
    means: "A node that hangs can write on while another takes over.",
    levels: ["risk"],
    fires: "stonith-enabled is false while mirrors are here.",
    not: "A cluster without mirrors, and one that does not say.",
    todo: "Set up a device, test it, switch fencing on.",
    needs: [98],
  },
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

/** The newest try to fence a node failed. It is over when a later one succeeds, or when the history forgets it. */
export const fencingFailed = defineRule({
  name: "fencing-failed",
  doc: {
    area: "cluster",
    title: "Fencing failed",
    means: "While a node cannot be fenced, what ran on it may not start elsewhere.",
    levels: ["risk"],
    fires: "The newest entry of a target in the fence history says failed.",
    not: "A failure with a later success.",
    todo: "Look at the fencing device and try it.",
    needs: [101, 106],
  },
  find(view) {
    const seen = new Set<string>();
    return every(view, "fencing").flatMap(([key, { fencing, said }]) => {
      const { target, action, exitReason } = fencing;
      // Newest first: whatever was before the first of a target is over.
      const isNewest = !seen.has(target);
      seen.add(target);
      if (!isNewest || fencing.status !== "failed" || said.level !== "bad") return [];
      return [
        {
          id: `fencing-failed:${target}`,
          level: "risk" as const,
          title: `Fencing of ${target} failed`,
          headline: `fencing of ${target} failed`,
          why: `${action}: ${asSentence(exitReason ?? "no reason given")} While a node cannot be fenced, what ran on it may not start elsewhere.`,
          todo: `Look at the fencing device of ${target} and try it: stonith_admin --history ${target} shows every try.`,
          about: view.has(`node:${target}`) ? [`node:${target}`, key] : [key],
        },
      ];
    });
  },
});

/** A node is being fenced right now. */
export const fencingRuns = defineRule({
  name: "fencing-runs",
  doc: {
    area: "cluster",
    title: "A node is being fenced",
    means: "Fencing is in flight.",
    levels: ["busy"],
    fires: "The fence history has a pending entry.",
    not: "One that ended.",
    todo: "Wait for its end.",
    needs: [6, 82],
  },
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
              about: [`node:${fencing.target}`, key],
            },
          ]
        : [],
    );
  },
});

/** The cluster watches, and touches nothing. */
export const maintenance = defineRule({
  name: "maintenance",
  doc: {
    area: "cluster",
    title: "The cluster starts and stops nothing",
    means: "maintenance-mode is on: services are not watched either.",
    levels: ["held"],
    fires: "The cluster property, as Pacemaker prints it.",
    not: "A single node's maintenance.",
    todo: "Leave maintenance when the work is done.",
    needs: [85, 98],
  },
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
