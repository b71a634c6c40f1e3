// SPDX-License-Identifier: Apache-2.0
import type { AvailabilityWindow, IncidentCard, Moment, ServiceAvailability } from "@/agent/protocol/console/history";
import { NOW_MS } from "@/components/factories";

const moment = (secondsAgo: number, by = "Pacemaker as ruby sees it", withinMs: number | null = 1_500): Moment => ({
  atMs: NOW_MS - secondsAgo * 1_000,
  withinMs,
  by,
});

/** crystal, which ruby fenced two minutes ago. */
export function incident(part: Partial<IncidentCard> = {}): IncidentCard {
  const order = { action: "reboot", client: "pacemaker-controld.48", origin: "ruby", exitReason: null };
  return {
    id: "i1",
    cluster: "san-a",
    node: "crystal",
    openedAtMs: NOW_MS - 120_000,
    endedAtMs: NOW_MS - 60_000,
    attempts: [{ ...order, status: "success", delegate: "ruby", completed: "2026-11-20 14:00:49Z" }],
    reason: { kind: "lost", says: "The cluster did not hear it any more: crystal was unclean." },
    devices: [{ id: "fence", agent: "fence_ipmilan" }],
    lastWord: moment(124, "the console's own link to crystal", null),
    detected: moment(120),
    asked: moment(119),
    done: moment(116, "the cluster's fence history", 1_000),
    back: moment(60),
    services: [{ id: "g_mail", isPromotable: false, to: "ruby", at: moment(112) }],
    lastLines: [{ atMs: NOW_MS - 125_000, text: "drbd mail: PingAck did not arrive in time." }],
    linesUnread: null,
    copies: [],
    clients: [],
    stalls: [],
    says: "ruby fenced crystal (reboot). The cluster did not hear it any more: crystal was unclean.",
    failover: [
      { phase: "detect", tookMs: 4_000, withinMs: null, says: "From the last word of crystal's agent until the cluster missed it." },
      { phase: "fence", tookMs: 3_000, withinMs: 2_500, says: "From its order until it was done." },
      { phase: "promote", tookMs: null, withinMs: null, says: "Nothing was promoted on crystal." },
      { phase: "start", tookMs: 4_000, withinMs: 2_500, says: "Until g_mail on ruby was in order." },
      { phase: "clientStall", tookMs: null, withinMs: null, says: "Not measured: no client's paths to its disks are read." },
    ],
    unsynced: [],
    syncSays: "By crystal's own last word every copy was UpToDate and nothing out of sync.",
    ...part,
  };
}

const HOUR_MS = 3_600_000;

export function availabilityWindow(windowHours: number, part: Partial<AvailabilityWindow> = {}): AvailabilityWindow {
  const windowMs = windowHours * HOUR_MS;
  return {
    windowMs,
    upMs: windowMs,
    plannedMs: 0,
    unplannedMs: 0,
    unknownMs: 0,
    plannedStops: 0,
    unplannedStops: 0,
    withoutUnplanned: 1,
    up: 1,
    ...part,
  };
}

export function serviceAvailability(part: Partial<ServiceAvailability> = {}): ServiceAvailability {
  return {
    id: "g_mail",
    sinceMs: NOW_MS - 400 * HOUR_MS,
    now: "up",
    day: availabilityWindow(24),
    week: availabilityWindow(168),
    month: availabilityWindow(720),
    quarter: availabilityWindow(2_160),
    stops: [],
    ...part,
  };
}
