// SPDX-License-Identifier: Apache-2.0
import type { Run } from "@/agent/protocol/console/runs";
import type { Pacemaker, PacemakerResource } from "@/agent/protocol/model/pacemaker";
import { member, pacemaker, resource, T0 } from "@/server/cluster/factories";

// Fixed values for tests of what happened; nothing that runs imports this file. The cluster is ruby, which leads, and crystal.

export const BOTH = [member("ruby", { isDc: true }), member("crystal")];
/** crystal is missed, and nobody knows yet whether it is down. */
export const CRYSTAL_MISSED = [member("ruby", { isDc: true }), member("crystal", { online: false, unclean: true })];
/** crystal is known to be down. */
export const CRYSTAL_OFF = [member("ruby", { isDc: true }), member("crystal", { online: false })];

/** Where g_mail runs; null: nowhere. */
export function mailOn(place: string | null, more: Partial<Pacemaker> = {}, of: Partial<PacemakerResource> = {}): Pacemaker {
  return pacemaker(BOTH, [resource("g_mail", place, of)], more);
}

/** anna's command: g_mail is to go to crystal. It began two seconds from the start, and is under way. */
export function orderedRun(more: Partial<Run> = {}): Run {
  return {
    id: "r1",
    ask: { verb: "resource.move", args: { resource: "g_mail", to: "crystal" } },
    title: "Move g_mail to crystal",
    about: ["rsc:g_mail"],
    by: "anna",
    isDisruptive: true,
    startedAtMs: T0 + 2_000,
    endedAtMs: null,
    phases: [],
    outcome: null,
    says: null,
    undo: null,
    ...more,
  };
}
