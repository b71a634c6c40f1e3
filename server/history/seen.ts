// SPDX-License-Identifier: Apache-2.0
import type { ClientStall, Incident, Moment } from "@/agent/protocol/console/history";
import type { Run } from "@/agent/protocol/console/runs";
import type { Pacemaker } from "@/agent/protocol/model/pacemaker";
import type { ClusterFacts } from "@/server/cluster/facts";
import type { Witness } from "@/server/cluster/witness";
import type { FollowedIncident } from "./incident-state";
import type { ServiceNow } from "./services-now";

export interface FollowAround {
  cluster: string;
  node: string;
  /** The cluster's facts before the frame was folded, and after. */
  before: ClusterFacts;
  after: ClusterFacts;
  runs: readonly Run[];
  /** Clients' ways that stopped a little while ago, with this frame (see `recentStalls`). */
  stalls: readonly ClientStall[];
  newId: () => string;
}

/** One reading of the testimony that the timeline follows, beside the one before it. */
export interface Seen extends FollowAround {
  was: Witness | null;
  /** Whose Pacemaker it is. */
  witness: string;
  value: Pacemaker;
  moment: Moment;
  /** The console's clock minus the witness's. */
  offsetMs: number;
  services: readonly ServiceNow[];
}

export function isGone(word: string | undefined): boolean {
  return word === "unclean" || word === "offline";
}

/** A clone that is not promotable runs beside itself: nothing of it moves. */
export function isMovable(id: string, value: Pacemaker): boolean {
  const kind = value.collections.find((one) => one.id === id)?.kind;
  return kind === undefined || kind === "group" || kind === "promotable";
}

/** An incident with what is new; its revision grows with it. The same reference where nothing is. */
export function changed(one: FollowedIncident, incident: Incident, more: Partial<FollowedIncident> = {}): FollowedIncident {
  if (incident === one.incident && Object.keys(more).length === 0) return one;
  return { ...one, ...more, incident, revision: one.revision + 1 };
}

/** The fencing devices of a cluster. */
export function devicesOf(value: Pacemaker): Incident["devices"] {
  return value.resources.filter(({ agent }) => agent.startsWith("stonith:")).map(({ id, agent }) => ({ id, agent: agent.slice(8) }));
}
