// SPDX-License-Identifier: Apache-2.0
import type { Unread } from "@/agent/protocol/errors";
import type { Pacemaker } from "@/agent/protocol/model/pacemaker";
import type { CrmMon } from "./parse-crm-mon";

/** What the configuration adds to a snapshot: read seldom, because it moves seldom. */
export type CibPart = Pick<
  Pacemaker,
  "version" | "featureSet" | "stonithEnabled" | "maintenance" | "constraints" | "configEpoch" | "timeouts" | "parameters" | "fenceSetup"
> & {
  /** Its own gaps, of which only those about the configuration matter beside crm_mon. */
  unread: readonly Unread[];
};

/**
 * One model of two answers: crm_mon says what is (nodes, resources, failures, fencing), the CIB what is configured
 * (every constraint, the epoch). Without a CIB the bans of crm_mon stay as the only constraints, and the gap is told.
 */
export function combine(mon: CrmMon, cib: CibPart | Unread): Pacemaker {
  const { pacemaker } = mon;
  const maintenanceGap: Unread = {
    what: "maintenance-mode",
    code: "COLLECT_READ",
    message: "this version of crm_mon does not print maintenance-mode",
  };
  if ("what" in cib) return { ...pacemaker, unread: [...pacemaker.unread, ...(mon.saysMaintenance ? [] : [maintenanceGap]), cib] };
  return {
    ...pacemaker,
    version: pacemaker.version ?? cib.version,
    featureSet: cib.featureSet,
    maintenance: mon.saysMaintenance ? pacemaker.maintenance : cib.maintenance,
    stonithEnabled: pacemaker.stonithEnabled ?? cib.stonithEnabled,
    constraints: hides(cib, "constraints") ? pacemaker.constraints : cib.constraints,
    configEpoch: cib.configEpoch,
    ...(cib.timeouts === undefined ? {} : { timeouts: cib.timeouts }),
    ...(cib.parameters === undefined ? {} : { parameters: cib.parameters }),
    ...(cib.fenceSetup === undefined ? {} : { fenceSetup: cib.fenceSetup }),
    unread: [
      ...pacemaker.unread,
      ...cib.unread.filter(({ what }) => what === "constraints"),
      ...(mon.saysMaintenance || !hides(cib, "crm_config") ? [] : [maintenanceGap]),
    ],
  };
}

function hides(cib: CibPart, section: string): boolean {
  return cib.unread.some(({ what }) => what === section);
}

/**
 * What the configuration is known by between two snapshots: when, by whom and from where it last changed (crm_mon
 * prints it), and which nodes and resources there are, for versions that print no change.
 */
export function configurationMark(mon: CrmMon): string {
  const resources = new Set(mon.pacemaker.resources.map(({ id, parents }) => [...parents, id].join("/")));
  return JSON.stringify([mon.lastChange, mon.pacemaker.nodes.map(({ name }) => name).sort(), [...resources].sort()]);
}

/** When the configuration was read last, and under which mark. */
export interface CibRead {
  mark: string;
  markSeenAtMs: number;
  readAtMs: number;
}

/** crm_mon prints seconds: a second change within the same one leaves the mark as it is. */
const SETTLES_MS = 2_000;
/** The configuration is read again after this long whatever crm_mon says. */
const REREAD_MS = 30_000;

/**
 * Whether `cibadmin -Q` is due: the mark moved, or was too young when it was last read, or 30 s passed. So a status
 * change (a failover, a monitor) costs one crm_mon, a change of configuration one cibadmin more.
 */
export function isCibDue(last: CibRead | null, mark: string, nowMs: number): boolean {
  if (last === null || last.mark !== mark) return true;
  if (last.readAtMs - last.markSeenAtMs < SETTLES_MS) return true;
  return nowMs - last.readAtMs >= REREAD_MS || nowMs < last.readAtMs;
}
