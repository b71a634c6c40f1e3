// SPDX-License-Identifier: Apache-2.0
import type { AvailabilityWindow, ServiceAvailability, ServiceSpan, ServiceState } from "@/agent/protocol/console/history";

const DAY_MS = 86_400_000;
/** The windows, and the longest: nothing older is asked for. */
export const WINDOWS = { day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS, quarter: 90 * DAY_MS } as const;

/** So many stretches in which a service was not up are listed. */
const LISTED = 20;

/** Each service's availability, from its stretches in any order. Pure; services by name. */
export function availabilityOf(spans: readonly ServiceSpan[], nowMs: number): ServiceAvailability[] {
  const byService = new Map<string, ServiceSpan[]>();
  for (const span of spans) {
    const known = byService.get(span.service);
    if (known) known.push(span);
    else byService.set(span.service, [span]);
  }
  const services = [...byService].flatMap(([id, own]) => {
    const ordered = own.sort((x, y) => x.fromMs - y.fromMs);
    const last = ordered.at(-1);
    // A service that the configuration does not know any more is counted no longer.
    if (!last || last.toMs !== null) return [];
    const window = (windowMs: number) => windowOf(ordered, nowMs, windowMs);
    return [
      {
        id,
        sinceMs: ordered[0]?.fromMs ?? nowMs,
        now: last.state,
        day: window(WINDOWS.day),
        week: window(WINDOWS.week),
        month: window(WINDOWS.month),
        quarter: window(WINDOWS.quarter),
        stops: ordered
          .filter(({ state }) => state !== "up")
          .reverse()
          .slice(0, LISTED),
      },
    ];
  });
  return services.sort((x, y) => (x.id < y.id ? -1 : 1));
}

/**
 * The services that were least available in the last 30 days, worst first: those with an unplanned stop, then those of which
 * nothing is known. As many as there are: all of them, by name.
 */
export function leastAvailable(services: readonly ServiceAvailability[], most: number): readonly ServiceAvailability[] {
  if (services.length <= most) return services;
  const rank = ({ month: { withoutUnplanned } }: ServiceAvailability) => withoutUnplanned ?? ALMOST_WHOLE;
  return [...services].sort((x, y) => rank(x) - rank(y) || y.month.unknownMs - x.month.unknownMs).slice(0, most);
}

/** Not known is worse than whole, and better than any stop. */
const ALMOST_WHOLE = 1 - Number.EPSILON;

/** What of a window is in no stretch is not known: nobody watched. */
function windowOf(ordered: readonly ServiceSpan[], nowMs: number, windowMs: number): AvailabilityWindow {
  const startMs = nowMs - windowMs;
  const total: Record<ServiceState, number> = { up: 0, planned: 0, unplanned: 0, unknown: 0 };
  const stops = { planned: 0, unplanned: 0 };
  let known: ServiceState | null = null;
  for (const { state, fromMs, toMs } of ordered) {
    // A stop that nobody saw for a while in between is still the same one.
    const isNew = state !== known;
    if (state !== "unknown") known = state;
    const lengthMs = Math.min(toMs ?? nowMs, nowMs) - Math.max(fromMs, startMs);
    if (lengthMs <= 0) continue;
    total[state] += lengthMs;
    const isFirstHere = isNew || fromMs <= startMs;
    if ((state === "planned" || state === "unplanned") && isFirstHere) stops[state] += 1;
  }
  const knownMs = total.up + total.planned + total.unplanned;
  return {
    windowMs,
    upMs: total.up,
    plannedMs: total.planned,
    unplannedMs: total.unplanned,
    unknownMs: windowMs - knownMs,
    plannedStops: stops.planned,
    unplannedStops: stops.unplanned,
    withoutUnplanned: knownMs === 0 ? null : 1 - total.unplanned / knownMs,
    up: knownMs === 0 ? null : total.up / knownMs,
  };
}
