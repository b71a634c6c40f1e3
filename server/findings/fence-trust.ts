// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf } from "@/agent/protocol/console/view";
import { byName, counted, formatDuration, joinWords } from "@/server/cluster/words";
import { clusterOf, defineRule, every, type ViewSoFar } from "./define";
import { OVER, STILL_SO } from "./standing";

/** Two fencings of one node within this are a loop: it came back, and was shot again. */
const LOOP_MS = 3_600_000;
/** A test older than this proves little. */
const TEST_DAYS = 90;
const DAY_MS = 86_400_000;

/** Epoch ms of "2026-11-20 15:10:56Z"; null where it has no zone or is not understood: then nobody knows when. */
export function completedAtMs({ fencing }: Pick<EntityOf<"fencing">, "fencing">): number | null {
  const [, day, clock, zone] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)? ?(Z|[+-]\d\d:?\d\d)$/.exec(fencing.completed ?? "") ?? [];
  if (day === undefined || clock === undefined || zone === undefined) return null;
  const atMs = Date.parse(`${day}T${clock}${zone.replace(/^(...)(\d\d)$/, "$1:$2")}`);
  return Number.isFinite(atMs) ? atMs : null;
}

function fencingIsOn(view: ViewSoFar): boolean {
  return clusterOf(view)?.pacemaker?.fencing.level === "ok";
}

function devices(view: ViewSoFar): [string, EntityOf<"resource">][] {
  return every(view, "resource").filter(([, { agent }]) => agent?.startsWith("stonith:") === true);
}

/** Fencing is on and there is nothing to fence with: Pacemaker starts nothing then. */
export const fencingNone = defineRule({
  name: "fencing-none",
  doc: {
    area: "cluster",
    title: "Fencing has no device",
    means: "Fencing is on, but nothing is there to fence with: Pacemaker starts no service.",
    levels: ["risk"],
    fires: "stonith-enabled is not false, no resource is a fencing device, and every service is stopped, one at least without an order.",
    not: "Services that run (the cluster then fences by a watchdog, which is no resource), and services stopped by order.",
    todo: "Set up a fencing device for every node and test it.",
    needs: [101, 106],
  },
  find(view) {
    const services = every(view, "resource").filter(([, { children }]) => children.length === 0);
    const isIdle = services.every(([, { said }]) => said.word === "stopped") && services.some(([, { said }]) => said.level === "bad");
    if (!fencingIsOn(view) || devices(view).length > 0 || !isIdle) return [];
    return [
      {
        id: "fencing-none",
        level: "risk" as const,
        title: "Fencing is on, but has no device",
        headline: "fencing is on, but has no device",
        why: "No fencing device is configured: Pacemaker starts nothing while that is so.",
        todo: "Set up a fencing device for every node and test it: stonith_admin --reboot NODE.",
        about: [keyOf.cluster],
      },
    ];
  },
  // In maintenance nothing is started: that does not show it.
  over: (_, view) =>
    fencingIsOn(view) && devices(view).length === 0 && every(view, "resource").every(([, { said }]) => said.level !== "ok")
      ? STILL_SO
      : OVER,
});

/** Nodes of which nobody has seen that they can be fenced. Good to know: the history forgets with Pacemaker. */
export const fencingUntested = defineRule({
  name: "fencing-untested",
  doc: {
    area: "cluster",
    title: "Fencing was never tested",
    means: "Whether the device works is known only from a fencing that worked.",
    levels: ["absent"],
    fires: `There are fencing devices, and the fence history has no success of a member within ${TEST_DAYS} days.`,
    not: "A history that could not be read, and a cluster whose fencing is off (told by itself). The history is Pacemaker's own: it forgets when Pacemaker stops everywhere.",
    todo: "Put the node in standby, then stonith_admin --reboot it.",
    needs: [106, 101],
  },
  find(view, { nowMs }) {
    const from = clusterOf(view)?.pacemaker?.from;
    const source = from ? view.get(keyOf.source(from.node, "pacemaker")) : undefined;
    const isRead = source?.kind === "source" && source.status === "ok" && !source.unread.some(({ what }) => what === "fencing");
    if (!fencingIsOn(view) || devices(view).length === 0 || !isRead || !source.how.startsWith("crm_mon")) return [];
    const proven = new Set(
      every(view, "fencing").flatMap(([, entity]) => {
        const atMs = completedAtMs(entity);
        const isOld = atMs !== null && nowMs - atMs > TEST_DAYS * DAY_MS;
        return entity.fencing.status === "success" && !isOld ? [entity.fencing.target] : [];
      }),
    );
    const open = every(view, "node").filter(
      ([, { name, role, state }]) => role === "member" && state.level !== "unknown" && !proven.has(name),
    );
    if (open.length === 0) return [];
    return [
      {
        id: "fencing-untested",
        level: "absent" as const,
        title: `Fencing of ${joinWords(open.map(([, { name }]) => name).sort(byName))} is not proven`,
        why: `Pacemaker's fence history has no success within ${TEST_DAYS} days. It forgets when Pacemaker stops on all nodes.`,
        todo: "At a quiet time: put the node in standby, then stonith_admin --reboot it.",
        about: [keyOf.cluster, ...open.map(([key]) => key)],
      },
    ];
  },
});

/** A node that comes back and is shot again, or two that shoot each other in turn. */
export const fencingLoop = defineRule({
  name: "fencing-loop",
  doc: {
    area: "cluster",
    title: "Fencing goes in a loop",
    means: "A node is fenced, comes back, and is fenced again, or two fence each other in turn.",
    levels: ["risk"],
    fires: "The fence history has two successes or more of one node within an hour, by its own times.",
    not: "One fencing with tries that failed before it, and times without a zone (then nobody knows when).",
    todo: "Boot it without the cluster (systemctl disable pacemaker corosync), and find what fails.",
    needs: [99, 4, 6],
  },
  find(view, { nowMs }) {
    const byTarget = new Map<string, { key: string; atMs: number; by: string | null }[]>();
    for (const [key, entity] of every(view, "fencing")) {
      const atMs = completedAtMs(entity);
      if (entity.fencing.status !== "success" || atMs === null || nowMs - atMs > LOOP_MS || entity.said.level === "old") continue;
      const { target, delegate } = entity.fencing;
      byTarget.set(target, [...(byTarget.get(target) ?? []), { key, atMs, by: delegate }]);
    }
    const inTurn = [...byTarget.keys()].filter((target) =>
      [...byTarget].some(([other, list]) => other !== target && list.some(({ by }) => by === target)),
    );
    return [...byTarget].flatMap(([target, list]) => {
      if (list.length < 2) return [];
      const firstMs = Math.min(...list.map(({ atMs }) => atMs));
      const by = [...new Set(list.flatMap((one) => one.by ?? []))].sort(byName);
      const turns = inTurn.includes(target) ? ` It fenced others meanwhile: they shoot each other in turn.` : "";
      return [
        {
          id: `fencing-loop:${target}`,
          level: "risk" as const,
          title: `${target} was fenced ${counted(list.length, "time")} in ${formatDuration(Math.max(60_000, nowMs - firstMs))}`,
          why: `${by.length === 0 ? "Each time it came back and was fenced again." : `By ${joinWords(by)}.`}${turns}`,
          todo: `Boot ${target} without the cluster (systemctl disable pacemaker corosync), and look why its services fail or its network does not come up.`,
          about: [keyOf.node(target), ...list.map(({ key }) => key)].filter((key) => view.has(key)),
          sinceMs: firstMs,
        },
      ];
    });
  },
});
