// SPDX-License-Identifier: Apache-2.0
import type { Entity } from "@/agent/protocol/console/view";
import type { Iscsi, IscsiAcl, IscsiPortalGroup, IscsiSession, IscsiTarget } from "@/agent/protocol/model/iscsi";
import type { Timing } from "@/agent/protocol/timing";
import { type Below, belowOf } from "./below";
import type { ClusterFacts } from "./facts";
import { type Standing, standingOf } from "./freshness";
import { hasPortals } from "./iscsi-targets";
import { isUp } from "./iscsi-words";

/** One node's iSCSI as it was last read well. */
export interface Place {
  node: string;
  standing: Standing;
  targets: readonly IscsiTarget[];
  sessions: readonly IscsiSession[];
  /** False when its own sessions, or some of them, could not be read. */
  hasAllSessions: boolean;
  /** Its sessions by `wayKey`. */
  ways: ReadonlyMap<string, readonly IscsiSession[]>;
  /** How many of its sessions to a target are up, by the target's name. */
  upTo: ReadonlyMap<string | null, number>;
}

/** Both ends of every session, found by name: the lists may be long at each. */
export interface Ends {
  places: readonly Place[];
  /** Nodes of which it is not known now what they serve. */
  unread: readonly string[];
  /** Nodes whose initiator's name is not known: whoever a target lists may be one of them. */
  nameless: readonly string[];
  /** The node of each initiator's name. */
  clients: ReadonlyMap<string, Place>;
  /** Who has a target of this name. */
  targets: ReadonlyMap<string, readonly { place: Place; target: IscsiTarget }[]>;
  /** Who is logged in to a group, by name. */
  listed: ReadonlyMap<IscsiPortalGroup, ReadonlySet<string>>;
  /** A group's ACLs by initiator. */
  acls: ReadonlyMap<IscsiPortalGroup, ReadonlyMap<string, IscsiAcl>>;
  below: (node: string, device: string) => Below;
}

export function wayKey(initiator: string | null, target: string | null): string {
  return `${initiator}\n${target}`;
}

export function endsOf(
  facts: ClusterFacts,
  entities: ReadonlyMap<string, Entity>,
  { nowMs, timing }: { nowMs: number; timing: Timing },
): Ends {
  const places: Place[] = [];
  const unread: string[] = [];
  const nameless: string[] = [];
  for (const node of facts.nodes.values()) {
    const standing = standingOf(node, "iscsi", nowMs, timing);
    const value = node.sources.iscsi?.lastOk?.value;
    const isNone = standing.status === "absent" && standing.freshness === "live";
    const isKnown = isNone || (standing.isCurrent && value !== undefined && saysWhatItServes(value));
    if (!isKnown && node.role === "member") unread.push(node.node);
    if (isNone) continue;
    const hasAllSessions = value !== undefined && saysWhatItUses(value);
    if (!saysItsName(value?.sessions ?? []) && !(standing.isCurrent && hasAllSessions)) nameless.push(node.node);
    if (value) places.push(placeOf(node.node, standing, value, hasAllSessions));
  }
  const groups = places.flatMap(({ targets }) => targets.flatMap(({ portalGroups }) => portalGroups));
  const owners = places.flatMap((place) => place.targets.map((target) => ({ place, target })));
  return {
    places,
    unread,
    nameless,
    clients: clientsOf(places),
    targets: grouped(owners, ({ target }) => target.iqn),
    listed: new Map(groups.map((group) => [group, new Set(group.sessions.map(({ initiator }) => initiator))])),
    acls: new Map(groups.map((group) => [group, new Map(group.acls.map((acl) => [acl.initiator, acl]))])),
    below: belowOf(facts, entities),
  };
}

function placeOf(node: string, standing: Standing, { targets, sessions }: Iscsi, hasAllSessions: boolean): Place {
  const all = sessions ?? [];
  const upTo = new Map<string | null, number>();
  for (const session of all) if (isUp(session)) upTo.set(session.target, (upTo.get(session.target) ?? 0) + 1);
  const ways = grouped(all, ({ initiatorName, target }) => wayKey(initiatorName, target));
  return { node, standing, targets: targets ?? [], sessions: all, hasAllSessions, ways, upTo };
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const known = found.get(key);
    if (known) known.push(one);
    else found.set(key, [one]);
  }
  return found;
}

function clientsOf(places: readonly Place[]): ReadonlyMap<string, Place> {
  const clients = new Map<string, Place>();
  for (const place of places)
    for (const { initiatorName } of place.sessions)
      if (initiatorName !== null && !clients.has(initiatorName)) clients.set(initiatorName, place);
  return clients;
}

/** Targets that could not be read are no list of none, and portals that could not be read no word that nobody listens. */
function saysWhatItServes({ targets, unread }: Iscsi): boolean {
  if (unread.some(({ what }) => what === "iSCSI targets" || what === "the rest")) return false;
  return targets === null || targets.every(hasPortals);
}

/** Sessions that could not be read are no list of none, nor is one whose initiator's or target's name could not. */
function saysWhatItUses({ sessions, unread }: Iscsi): boolean {
  if (unread.some(({ what }) => what === "iSCSI sessions" || what === "further parts" || what === "the rest")) return false;
  return (sessions ?? []).every(({ initiatorName, target }) => initiatorName !== null && target !== null);
}

/** A node's initiator has one name, so what was once read of it still holds when the node is silent. */
function saysItsName(sessions: readonly IscsiSession[]): boolean {
  return sessions.length > 0 && sessions.every(({ initiatorName }) => initiatorName !== null);
}
