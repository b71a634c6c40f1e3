// SPDX-License-Identifier: Apache-2.0
import type { AvailabilityWindow, FailoverPhase, Incident, Moment, ServiceState } from "@/agent/protocol/console/history";
import { formatDuration } from "@/components/ui/format";
import type { Worded } from "@/components/ui/StateWord";

/** "99.95 %": so many digits that a stop of any length shows, and 100 % only of what had none. */
export function formatShare(share: number): string {
  if (share >= 1) return "100\u00a0%";
  const digits = Math.min(6, Math.max(1, Math.ceil(-Math.log10(1 - share) - 1e-9) - 2));
  const scale = 10 ** digits;
  // Rounded down, or a stop would be rounded away.
  return `${(Math.floor(share * 100 * scale + 1e-9) / scale).toFixed(digits)}\u00a0%`;
}

/** How many nines a share has: 0.9995 has 3. Null: it had no stop, so their number has no end. */
export function ninesOf(share: number): number | null {
  return share >= 1 ? null : Math.floor(-Math.log10(1 - share) + 1e-9);
}

export const STATES: Readonly<Record<ServiceState, Worded>> = {
  up: { level: "ok", word: "up" },
  planned: { level: "held", word: "stopped, planned" },
  unplanned: { level: "bad", word: "stopped, unplanned" },
  unknown: { level: "unknown", word: "not known" },
};

/** What a window is made of beside the time it was up: "unplanned 4 min 12 s in 1 stop · planned 2 h · not known 12 d". */
export function sayWindow({ unplannedMs, unplannedStops, plannedMs, plannedStops, unknownMs }: AvailabilityWindow): string[] {
  const stops = (count: number) => `${count} ${count === 1 ? "stop" : "stops"}`;
  return [
    unplannedStops > 0 ? `unplanned ${formatDuration(unplannedMs)} in ${stops(unplannedStops)}` : "no unplanned stop seen",
    ...(plannedStops > 0 ? [`planned ${formatDuration(plannedMs)} in ${stops(plannedStops)}`] : []),
    ...(unknownMs >= 1_000 ? [`not known ${formatDuration(unknownMs)}`] : []),
  ];
}

export const PHASES: Readonly<Record<FailoverPhase["phase"], string>> = {
  detect: "Detect",
  fence: "Fence",
  stop: "Stop",
  promote: "Promote",
  start: "Start",
  clientStall: "Client stall",
};

/** "at most 1.5 s earlier": how far off a moment may be. */
export function sayWithin({ withinMs }: Pick<Moment, "withinMs">): string {
  if (withinMs === null) return "how much earlier is not known";
  return withinMs < 50 ? "exact" : `up to ${formatDuration(withinMs)} earlier`;
}

/** The moments of an incident in the order in which they come; null where it was not seen. */
export function momentsOf(incident: Incident): { name: string; moment: Moment | null; none: string }[] {
  const { node, lastWord, detected, asked, done, back, services, attempts, moved, fromHistory } = incident;
  if (fromHistory)
    return [
      {
        name: "fencing done",
        moment: done,
        none: attempts.some(({ status }) => status === "success") ? "its time has no zone" : "it failed",
      },
      { name: "read from the cluster's history", moment: { ...fromHistory, withinMs: 0 }, none: "" },
    ];
  const isFenced = attempts.length > 0;
  const last = services.every(({ at }) => at !== null) ? latest(services.map(({ at }) => at)) : null;
  if (moved)
    return [
      { name: "what led to it", moment: moved.cause.at, none: "not seen" },
      { name: `left ${node}`, moment: moved.left, none: "not seen" },
      { name: `stopped on ${node}`, moment: moved.stopped, none: "not seen" },
      { name: "services in order again", moment: last, none: "not seen" },
    ];
  const recovered = services.length === 0 ? `nothing that moves ran on ${node}` : "not seen";
  return [
    { name: `${node}'s agent, last word`, moment: lastWord, none: "not seen" },
    { name: "missed by the cluster", moment: detected, none: "not seen" },
    { name: "fencing asked for", moment: asked, none: isFenced ? "not seen" : "not asked for" },
    { name: "fencing done", moment: done, none: isFenced ? "not seen" : "not fenced" },
    { name: "services in order again", moment: last, none: recovered },
    { name: `${node} back`, moment: back, none: incident.endedAtMs === null ? "not yet" : "not seen" },
  ];
}

function latest(moments: readonly (Moment | null)[]): Moment | null {
  return moments.reduce<Moment | null>((found, one) => (one !== null && (found === null || one.atMs > found.atMs) ? one : found), null);
}
