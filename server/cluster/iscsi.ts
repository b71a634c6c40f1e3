// SPDX-License-Identifier: Apache-2.0
import { type Entity, type EntityOf, keyOf, type Said } from "@/agent/protocol/console/view";
import type { Iscsi, IscsiPortal, IscsiPortalGroup, IscsiSession, IscsiTarget } from "@/agent/protocol/model/iscsi";
import type { Timing } from "@/agent/protocol/timing";
import { type Below, belowOf } from "./below";
import type { ClusterFacts } from "./facts";
import { type Standing, standingOf } from "./freshness";
import { hasPortals, judgeTarget, lunsOf } from "./iscsi-targets";
import { isUp, judgeDisk, judgeSession, listensAt, portalOf, portalWords } from "./iscsi-words";
import { aged, said } from "./said";
import { joinWords } from "./words";

type Keyed = [string, EntityOf<"target"> | EntityOf<"session">][];

/** One node's iSCSI as it was last read well. */
interface Place {
  node: string;
  standing: Standing;
  targets: readonly IscsiTarget[];
  sessions: readonly IscsiSession[];
  /** False when its own sessions, or some of them, could not be read. */
  hasAllSessions: boolean;
}

interface Ends {
  places: readonly Place[];
  /** Nodes of which it is not known now what they serve. */
  unread: readonly string[];
  /** Nodes whose initiator's name is not known: whoever a target lists may be one of them. */
  nameless: readonly string[];
  /** The node of each initiator's name: the lists of both ends may be long. */
  clients: ReadonlyMap<string, Place>;
  /** Who is logged in to a group, by name. */
  listed: ReadonlyMap<IscsiPortalGroup, ReadonlySet<string>>;
  below: (node: string, device: string) => Below;
}

function clientsOf(places: readonly Place[]): ReadonlyMap<string, Place> {
  const clients = new Map<string, Place>();
  for (const place of places)
    for (const { initiatorName } of place.sessions)
      if (initiatorName !== null && !clients.has(initiatorName)) clients.set(initiatorName, place);
  return clients;
}

function listedIn(places: readonly Place[]): ReadonlyMap<IscsiPortalGroup, ReadonlySet<string>> {
  const groups = places.flatMap(({ targets }) => targets.flatMap(({ portalGroups }) => portalGroups));
  return new Map(groups.map((group) => [group, new Set(group.sessions.map(({ initiator }) => initiator))]));
}

/** What the nodes serve over iSCSI, and the initiators' sessions with who serves them now: both ends together. */
export function iscsiEntities(
  facts: ClusterFacts,
  entities: ReadonlyMap<string, Entity>,
  around: { nowMs: number; timing: Timing },
): Keyed {
  const places: Place[] = [];
  const unread: string[] = [];
  const nameless: string[] = [];
  for (const node of facts.nodes.values()) {
    const standing = standingOf(node, "iscsi", around.nowMs, around.timing);
    const value = node.sources.iscsi?.lastOk?.value;
    const isNone = standing.status === "absent" && standing.freshness === "live";
    const isKnown = isNone || (standing.isCurrent && value !== undefined && saysWhatItServes(value));
    if (!isKnown && node.role === "member") unread.push(node.node);
    if (isNone) continue;
    const hasAllSessions = value !== undefined && saysWhatItUses(value);
    if (!saysItsName(value?.sessions ?? []) && !(standing.isCurrent && hasAllSessions)) nameless.push(node.node);
    if (value) places.push({ node: node.node, standing, targets: value.targets ?? [], sessions: value.sessions ?? [], hasAllSessions });
  }
  const ends: Ends = { places, unread, nameless, below: belowOf(facts, entities), clients: clientsOf(places), listed: listedIn(places) };
  return places.flatMap(
    (place): Keyed => [
      ...place.targets.map((target): Keyed[number] => [keyOf.target(place.node, target.iqn), targetEntity(place, target, ends, entities)]),
      ...place.sessions.map((session): Keyed[number] => [keyOf.session(place.node, session.name), sessionEntity(place, session, ends)]),
    ],
  );
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

function targetEntity(place: Place, target: IscsiTarget, ends: Ends, entities: ReadonlyMap<string, Entity>): EntityOf<"target"> {
  const { node, standing } = place;
  const others = ends.places.filter(
    (other) => other !== place && other.standing.isCurrent && other.targets.some((one) => serves(one, target.iqn)),
  );
  const names = serves(target, target.iqn) ? others.map((other) => other.node) : [];
  const luns = lunsOf(node, target, { entities, below: ends.below, others: names });
  const sessions = target.portalGroups.flatMap((group) => group.sessions);
  return {
    kind: "target",
    from: { node, source: "iscsi" },
    target,
    said: aged(judgeTarget(target, luns, names), standing),
    luns: luns.map((lun) => ({ ...lun, said: aged(lun.said, standing) })),
    initiators: sessions.map(({ initiator, state }) => {
      const end = clientEnd(target.iqn, initiator, ends);
      const own = state === null || state.endsWith("_LOGGED_IN") ? end.said : said("risk", state, "So the target says.");
      return { initiator, node: end.node, session: end.session, said: aged(own, standing) };
    }),
  };
}

/** True when initiators can log in: an enabled group that listens. */
function serves(target: IscsiTarget, iqn: string): boolean {
  return target.iqn === iqn && target.portalGroups.some(({ isEnabled, portals }) => isEnabled === true && portals.length > 0);
}

/** The client's word on a session that a target lists. */
function clientEnd(iqn: string, initiator: string, ends: Ends): { node: string | null; session: string | null; said: Said } {
  const place = ends.clients.get(initiator);
  if (!place) return { node: null, session: null, said: strangerSaid(ends.nameless) };
  const { node, standing } = place;
  const own = place.sessions.filter((session) => session.initiatorName === initiator && session.target === iqn);
  const found = own.find(isUp) ?? own[0];
  const session = found ? keyOf.session(node, found.name) : null;
  if (!standing.isCurrent) return { node, session, said: said("unknown", `${node}, its side not known`, standing.why) };
  if (!found && !place.hasAllSessions)
    return { node, session, said: said("unknown", `${node}, its side not read`, `Not all iSCSI sessions of ${node} could be read.`) };
  if (!found)
    return { node, session, said: said("risk", `${node} has no such session`, `Only the target says that ${node} is logged in.`) };
  const its = judgeSession(found);
  if (!isUp(found) && its.level === "unknown") return { node, session, said: said("unknown", `${node}, ${its.word}`, its.why) };
  if (!isUp(found))
    return { node, session, said: said("risk", `${node} says ${found.state ?? "nothing"}`, "Only the target calls it logged in.") };
  return { node, session, said: said("ok", `${node} logged in`) };
}

/** Only the target knows this name: an initiator from elsewhere, unless there are nodes here that did not say theirs. */
function strangerSaid(nameless: readonly string[]): Said {
  if (nameless.length === 0) return said("ok", "logged in", "No node known here has this name: only the target says so.");
  const some = nameless.length > 3 ? `${nameless.length} nodes` : joinWords(nameless);
  return said(
    "unknown",
    "logged in, the client's side not read",
    `Only the target says so: the iSCSI sessions of ${some} are not known now.`,
  );
}

/** Who answers where a session leads. */
interface Server {
  place: Place;
  target: IscsiTarget;
  group: IscsiPortalGroup;
}

function serversOf(session: IscsiSession, asked: IscsiPortal | null, { places }: Ends): Server[] {
  return places.flatMap((place) =>
    place.targets.flatMap((target) =>
      target.iqn !== session.target
        ? []
        : target.portalGroups.flatMap((group) =>
            group.isEnabled !== false &&
            (session.tpgt === null || session.tpgt === group.tag) &&
            asked !== null &&
            group.portals.some((portal) => listensAt(portal, asked))
              ? [{ place, target, group }]
              : [],
          ),
    ),
  );
}

function lists({ group }: Server, { initiatorName }: IscsiSession, { listed }: Ends): boolean {
  return initiatorName !== null && listed.get(group)?.has(initiatorName) === true;
}

function sessionEntity(place: Place, session: IscsiSession, ends: Ends): EntityOf<"session"> {
  const { node, standing } = place;
  const asked = portalOf(session);
  const servers = serversOf(session, asked, ends);
  const current = servers.filter((server) => server.place.standing.isCurrent);
  // The address moves with the service: whoever has it now is believed before whoever had it when last heard.
  const candidates = current.length > 0 ? current : servers;
  const listing = candidates.filter((server) => lists(server, session, ends));
  const server = candidates.length === 1 ? candidates[0] : listing.length === 1 ? listing[0] : undefined;
  const own = judgeSession(session);
  const both = bothEnds(session, own, { server, servers: candidates, asked, ends });
  const judged = aged(both, standing);
  return {
    kind: "session",
    from: { node, source: "iscsi" },
    session,
    said: judged,
    toolSays: isUp(session) || session.state !== "LOGGED_IN" ? null : "iscsiadm says LOGGED_IN",
    servedBy: server ? { node: server.place.node, target: keyOf.target(server.place.node, server.target.iqn) } : null,
    ways: place.sessions.filter((one) => one.target === session.target && isUp(one)).length,
    paths: session.disks.map((disk) => ({
      disk: disk.name,
      said: aged(both.level === "ok" ? { ...judgeDisk(disk), word: both.word } : both, standing),
      steps: stepsOf(disk.lun, session, asked, server, ends),
    })),
  };
}

function bothEnds(
  session: IscsiSession,
  own: Said,
  { server, servers, asked, ends }: { server: Server | undefined; servers: readonly Server[]; asked: IscsiPortal | null; ends: Ends },
): Said {
  const where = asked ? portalWords(asked) : "an address that is not said";
  const having = ends.places.filter(({ targets, standing }) => standing.isCurrent && targets.some(({ iqn }) => iqn === session.target));
  if (own.level !== "ok") {
    const there = server?.place.standing.isCurrent
      ? `${server.place.node} serves it at ${where}.`
      : having.length > 0
        ? `${joinWords(having.map(({ node }) => node))} has the target, and nobody listens at ${where}.`
        : `No node is known to serve it at ${where} now.`;
    return { ...own, why: [own.why, there].filter((text) => text !== null).join(" ") };
  }
  if (!server) {
    if (servers.length > 1 && servers.some(({ place }) => place.standing.isCurrent))
      return said(
        "risk",
        `${joinWords(servers.map(({ place }) => place.node))} answer`,
        `More than one node serves this target at ${where}.`,
      );
    if (ends.unread.length > 0)
      return said("unknown", "logged in, the other side not known", `What ${joinWords(ends.unread)} serves is not known now.`);
    if (having.length > 0)
      return said(
        "risk",
        "only this side says so",
        `${joinWords(having.map(({ node }) => node))} has the target, and nobody listens at ${where}.`,
      );
    return said("ok", `logged in to ${where}`, "No node of this cluster has this target: only this side is known.");
  }
  const { node, standing } = server.place;
  if (!standing.isCurrent) return said("unknown", `logged in to ${node}, its side not known`, standing.why);
  if (lists(server, session, ends)) return said("ok", `logged in to ${node}`);
  if (!server.group.hasAllSessions || session.initiatorName === null)
    return said("unknown", `logged in to ${node}, its side not known`, `Not all who are logged in to ${node} could be read.`);
  return said("risk", `${node} does not list it`, `Only this side says LOGGED_IN: ${node} knows no session of ${session.initiatorName}.`);
}

/** From the session down to the backing disk. */
function stepsOf(
  lun: number | null,
  session: IscsiSession,
  asked: IscsiPortal | null,
  server: Server | undefined,
  { below }: Ends,
): string[] {
  const up = `${session.name} to ${asked ? portalWords(asked) : "an address that is not said"}`;
  if (!server) return [up, `${session.target ?? "a target"}, served by nobody known`];
  const { node } = server.place;
  const steps = [up, `${server.target.iqn} on ${node}`];
  const acl = server.group.acls.find(({ initiator }) => initiator === session.initiatorName);
  // An ACL may give a LUN under another number.
  const own = acl ? acl.luns.find((one) => one.lun === lun)?.is : lun;
  const found = server.group.luns.find((one) => one.lun === own);
  if (!found) return [...steps, lun === null ? "a LUN that is not said" : `LUN ${lun}, not there`];
  return [...steps, `LUN ${found.lun}`, ...(found.device === null ? [] : below(node, found.device).steps)];
}
