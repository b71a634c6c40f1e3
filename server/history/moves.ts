// SPDX-License-Identifier: Apache-2.0
import type { Incident, MoveCause } from "@/agent/protocol/console/history";
import { roleIs } from "@/server/cluster/service-roles";
import { plainId } from "@/server/cluster/services";
import { nodeWords } from "@/server/cluster/testimony";
import { areApart } from "@/server/cluster/witness";
import { copiesThen } from "./copies";
import type { FollowedIncident } from "./incident-state";
import { causeOf } from "./move-cause";
import { changed, isMovable, type Seen } from "./seen";
import { type ServiceNow, servicesNow } from "./services-now";
import { clientsRead, stalledSince } from "./stalls";

/** After this much time nothing more is waited for. */
const FOLLOWED_FOR_MS = 86_400_000;
/** A client may notice so much later that its server went, and be served again. */
const CLIENTS_WATCHED_MS = 30_000;

/**
 * Services that leave a node which is there, with what one reading adds: those that come back where they were went nowhere, and what
 * is not seen elsewhere is nobody's failover. `lost`: nodes whose loss is followed by itself.
 */
export function followMoves(open: readonly FollowedIncident[], lost: ReadonlySet<string>, seen: Seen): FollowedIncident[] {
  const words = nodeWords(seen.value);
  const isLost = (node: string) => lost.has(node) || words.get(node) === "unclean";
  const followed = open.flatMap((one) => (isLost(one.incident.node) ? givenUp(one, seen) : step(one, seen)));
  const leaving = new Map<string, ServiceNow[]>();
  for (const service of leavers(seen)) {
    const [node] = service.nodes;
    if (node !== undefined && !isLost(node)) leaving.set(node, [...(leaving.get(node) ?? []), service]);
  }
  for (const [node, services] of leaving) {
    const place = followed.findIndex(({ incident }) => incident.node === node && incident.endedAtMs === null);
    const known = followed[place];
    if (known) followed[place] = step(joined(known, services), seen)[0] ?? known;
    else followed.push(...step(begun(node, services, seen), seen));
  }
  return followed;
}

/** Services that were in order on one node and are not in order there any more. Without quorum nothing is: then it is all of them. */
function leavers({ was, value, witness, services }: Seen): ServiceNow[] {
  if (was?.value.quorate !== true || areApart(was, { node: witness, value })) return [];
  const now = new Map(services.map((one) => [one.id, one]));
  return servicesNow(was.node, was.value).filter((before) => {
    const [node, ...others] = before.nodes;
    const after = now.get(before.id);
    if (before.isUp !== true || node === undefined || others.length > 0 || !after || !isMovable(before.id, was.value)) return false;
    if (value.quorate === false) return true;
    return after.isUp !== null && !after.isOrderedOff && !after.nodes.includes(node);
  });
}

function begun(node: string, services: readonly ServiceNow[], seen: Seen): FollowedIncident {
  const { moment, after } = seen;
  const incident: Incident = {
    moved: { cause: UNSEEN, left: moment, stopped: null },
    id: seen.newId(),
    cluster: seen.cluster,
    node,
    openedAtMs: moment.atMs,
    endedAtMs: null,
    ...{ attempts: [], reason: null, devices: [] },
    ...{ lastWord: null, detected: null, asked: null, done: null, back: null },
    services: services.map(leaver),
    ...{ lastLines: [], linesUnread: null },
    copies: copiesThen(after),
    clients: clientsRead(after),
    stalls: stalledSince(seen.stalls, moment.atMs),
  };
  return { incident, revision: 0, knownFencings: [], wasGone: false, isCandidate: true };
}

const UNSEEN: MoveCause = { kind: "unknown", says: "Why, was not seen.", at: null };

function leaver({ id, isPromotable }: ServiceNow): Incident["services"][number] {
  return { id, isPromotable, to: null, at: null };
}

/** One after another they leave: what stops later belongs to the same. */
function joined(one: FollowedIncident, services: readonly ServiceNow[]): FollowedIncident {
  const { incident } = one;
  const ids = new Set(services.map(({ id }) => id));
  const all = [...incident.services.filter(({ id }) => !ids.has(id)), ...services.map(leaver)];
  return { ...one, incident: { ...incident, services: all, ...(incident.moved && { moved: { ...incident.moved, stopped: null } }) } };
}

/** With what one reading adds; nothing left where all of it came back, or is not wanted any more. */
function step(one: FollowedIncident, seen: Seen): FollowedIncident[] {
  const { incident } = one;
  const { moved, node } = incident;
  if (!moved) return [one];
  const { value, moment, services } = seen;
  const now = new Map(services.map((service) => [service.id, service]));
  const kept = incident.services.flatMap((service) => {
    const seenNow = now.get(service.id);
    if (service.at !== null) return [service];
    if (!seenNow || seenNow.isOrderedOff || (seenNow.isUp === true && seenNow.nodes.includes(node))) return [];
    const to = seenNow.isUp === true ? seenNow.nodes[0] : undefined;
    return [to === undefined ? service : { ...service, to, at: moment }];
  });
  if (kept.length === 0) return [];
  const own = kept.flatMap(({ id }) => now.get(id) ?? []);
  const isHeld = own.some((service) => holds(node, service, seen));
  const stopped = moved.stopped ?? (isHeld || value.quorate === false ? null : moment);
  const ids = own.flatMap((service) => service.ids);
  const cause = moved.cause.kind === "unknown" && moved.stopped === null ? causeOf(node, ids, seen) : moved.cause;
  const isElsewhere = kept.some(({ at }) => at !== null);
  const isTooLong = moment.atMs - incident.openedAtMs > FOLLOWED_FOR_MS;
  if (isTooLong && !isElsewhere) return [];
  const next = { ...incident, services: kept, moved: { ...moved, stopped, cause }, endedAtMs: isTooLong ? moment.atMs : null };
  if (JSON.stringify(next) === JSON.stringify(incident) && one.revision > 0) return [one];
  const { isCandidate: _, ...rest } = one;
  return [changed(isElsewhere ? rest : one, next)];
}

/** The node has something of the service yet: of a promotable clone its promoted instance. */
function holds(node: string, { ids, isPromotable }: ServiceNow, { value }: Seen): boolean {
  return value.resources.some(
    ({ id, role, nodes, onOfflineNode }) =>
      ids.includes(plainId(id)) &&
      nodes.includes(node) &&
      !onOfflineNode &&
      (isPromotable ? roleIs(role) === "promoted" || role === "Demoting" : roleIs(role) !== "stopped"),
  );
}

/** Its node was lost after all: that is told by itself. What was shown already ends here. */
function givenUp(one: FollowedIncident, { moment }: Seen): FollowedIncident[] {
  return one.isCandidate ? [] : [changed(one, { ...one.incident, endedAtMs: moment.atMs })];
}

/** Over, once all are in order elsewhere and no client waits any more; clients are given their time to notice. */
export function endedMove(one: FollowedIncident, nowMs: number): FollowedIncident {
  const { incident } = one;
  if (incident.moved === undefined || incident.endedAtMs !== null || one.isCandidate) return one;
  const ends = incident.services.map(({ at }) => at?.atMs ?? Number.POSITIVE_INFINITY);
  const lastMs = Math.max(...ends, ...incident.stalls.map(({ until }) => until?.atMs ?? Number.POSITIVE_INFINITY));
  const watchedMs = incident.clients.length > 0 ? CLIENTS_WATCHED_MS : 0;
  return nowMs >= lastMs + watchedMs ? changed(one, { ...incident, endedAtMs: lastMs }) : one;
}
