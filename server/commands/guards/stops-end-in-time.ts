// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf } from "@/agent/protocol/console/view";
import { counted, formatDuration, joinWords } from "@/server/cluster/words";
import { clusterOf, every } from "@/server/findings/define";
import { defineGuard, type Found, type GuardContext } from "../define";
import { movedMirrors, nodeOf, type Resource, touchedResources, usual } from "../look";

/** From this part of its limit on, a stop that takes a little longer than ever is one that failed. */
const NEAR = 0.8;
const ENDING: ReadonlySet<string> = new Set(["stop", "demote"]);

/** What follows a stop that fails. */
function consequence({ view, touched }: GuardContext): string {
  const node = touched.from ?? "its node";
  return clusterOf(view)?.pacemaker?.fencing.level === "risk"
    ? `it stays where it is, unmanaged, and starts nowhere else`
    : `${node} is fenced`;
}

/** No stop ever took as long as it may take. */
export const stopsEndInTime = defineGuard({
  name: "stops-end-in-time",
  number: "3.4",
  check(context) {
    if (context.touched.from === null) return [];
    return touchedResources(context).flatMap((resource): Found[] => {
      const worst = slowest(resource);
      if (!worst || worst.timeoutMs === null || worst.tookMs < NEAR * worst.timeoutMs) return [];
      const { task, node, tookMs, timeoutMs } = worst;
      const message = `The last ${task} of ${resource.id} took ${formatDuration(tookMs)} on ${node}, its limit is ${formatDuration(timeoutMs)}. Past that, ${consequence(context)}. Raise the limit first.`;
      return [{ level: "warn", message, about: [keyOf.resource(resource.id)] }];
    });
  },
});

type Timing = NonNullable<Resource["timings"]>[number];

/** The one that came nearest to its limit, or took longest where none is said. */
function slowest({ timings = [] }: Pick<Resource, "timings">): Timing | null {
  const share = ({ tookMs, timeoutMs }: Timing) => tookMs / (timeoutMs ?? Number.MAX_SAFE_INTEGER);
  return timings.filter(({ task }) => ENDING.has(task)).sort((a, b) => share(b) - share(a))[0] ?? null;
}

/** Whether the command reaches what this target serves: the whole node, an agent of iSCSI, or the mirror under a LUN. */
export function isTouchedTarget(context: GuardContext, target: EntityOf<"target">): boolean {
  const { touched } = context;
  if (target.from.node !== touched.from) return false;
  if (touched.isWholeNode || touchedResources(context).some(({ agent }) => agent?.toLowerCase().includes("iscsi"))) return true;
  const mirrors = new Set(movedMirrors(context).map(([key]) => key));
  return target.luns.some(({ mirror }) => mirror !== null && mirrors.has(mirror));
}

/** No initiator writes while a target is stopped: LIO waits for what is under way, and the stop can run out of time. */
export const noSessionIsBusy = defineGuard({
  name: "no-session-is-busy",
  number: "3.4",
  check(context) {
    const { from } = context.touched;
    const agent = nodeOf(context.view, from)?.versions?.find(({ what }) => what === "resource-agents")?.version;
    return every(context.view, "target").flatMap(([key, target]): Found[] => {
      if (!isTouchedTarget(context, target)) return [];
      const sessions = target.target.portalGroups.reduce((count, group) => count + group.sessions.length, 0);
      const isAll = target.target.portalGroups.every(({ hasAllSessions }) => hasAllSessions);
      if (sessions === 0 && isAll) return [];
      const has = isAll ? counted(sessions, "session") : `${sessions} or more sessions`;
      const times = touchedResources(context).filter((resource) => resource.agent?.toLowerCase().includes("iscsi"));
      const worst = slowest({ timings: times.flatMap(({ timings = [] }) => timings) });
      const took = worst
        ? ` Its last stop took ${formatDuration(worst.tookMs)}${worst.timeoutMs === null ? "" : ` of ${formatDuration(worst.timeoutMs)}`}.`
        : " How long its stop takes was never measured.";
      const under = agent ? `, with resource-agents ${agent}` : "";
      const message = `${target.target.iqn} on ${from} has ${has}: under writes a stop can time out${under}, and then ${consequence(context)}.${took} Pause the initiators, or move it at a quiet time.`;
      return [{ level: usual(context), message, about: [key] }];
    });
  },
});

/** A process that hangs in the kernel keeps a stop from ending. */
export const nothingHangs = defineGuard({
  name: "nothing-hangs",
  number: "3.4",
  check({ view, nowMs, touched }) {
    const kernel = touched.from === null ? undefined : view.get(keyOf.kernel(touched.from));
    if (kernel?.kind !== "kernel") return [];
    const hung = kernel.lines.filter(({ topic, atMs }) => topic === "hung" && nowMs - atMs < HUNG_COUNTS_MS);
    const names = [...new Set(hung.flatMap(({ text }) => text.match(/task (\S+?):\d+ blocked/)?.[1] ?? []))];
    if (names.length === 0) return [];
    const message = `${joinWords(names)} hung in the kernel of ${touched.from} not long ago: a stop may hang as well and time out. Look at it first.`;
    return [{ level: "warn", message, about: [keyOf.kernel(touched.from ?? "")] }];
  },
});

/** The kernel names a hung task every 120 s, ten times at most: what is older may be over. */
const HUNG_COUNTS_MS = 1_800_000;
