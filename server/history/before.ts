// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import type { FencingAttempt, Incident, Moment } from "@/agent/protocol/console/history";
import type { PacemakerFencing } from "@/agent/protocol/model/pacemaker";
import { printedMs } from "@/server/cluster/printed-time";
import { fencingKey } from "./attempts";
import type { FollowedIncident } from "./incident-state";
import { reasonOf } from "./reason";
import { devicesOf, type Seen } from "./seen";

const PRINTED_WITHIN_MS = 1_000;

/**
 * Fencings that were over before this console ever looked, as the first reading of all has them from the cluster's own history
 * (`stonith_admin --history`, as crm_mon prints it): each by itself, at its own time. What is still pending is no history.
 */
export function fromHistory(seen: Seen): FollowedIncident[] {
  const over = seen.value.fencing.filter(({ status }) => status !== "pending");
  return over.map((one) => ({ incident: incidentOf(one, seen), revision: 0, knownFencings: [], wasGone: true }));
}

function incidentOf(one: PacemakerFencing, seen: Seen): Incident {
  const { moment, offsetMs, value } = seen;
  const { target, ...attempt } = one;
  const printed = printedMs(one.completed);
  // A clock that is set wrong would have it done after it was read.
  const atMs = printed === null ? null : Math.min(moment.atMs, printed + offsetMs);
  const done: Moment | null = atMs === null ? null : { atMs, withinMs: PRINTED_WITHIN_MS, by: "the cluster's fence history" };
  return {
    fromHistory: moment,
    id: idOf(seen.cluster, one),
    cluster: seen.cluster,
    node: target,
    openedAtMs: atMs ?? moment.atMs,
    endedAtMs: atMs ?? moment.atMs,
    attempts: [attempt],
    reason: whoAsked(target, attempt, seen),
    devices: devicesOf(value),
    ...{ lastWord: null, detected: null, asked: null, done: one.status === "success" ? done : null, back: null },
    services: [],
    ...{ lastLines: [], linesUnread: "It was before this console watched." },
    copies: null,
    clients: [],
    stalls: [],
  };
}

/** Of so long ago only who asked is known: what else one reading says is of now. */
function whoAsked(node: string, attempt: FencingAttempt, { value, moment }: Seen): Incident["reason"] {
  const reason = reasonOf(node, { value: { ...value, nodes: [], failures: [] }, attempts: [attempt], runs: [], atMs: moment.atMs });
  return reason?.kind === "program" ? reason : null;
}

/** The same entry is the same incident, however often a cluster is seen for the first time. */
function idOf(cluster: string, one: PacemakerFencing): string {
  return `h-${createHash("sha256")
    .update(`${cluster} ${one.target} ${fencingKey(one)}`)
    .digest("hex")
    .slice(0, 32)}`;
}
