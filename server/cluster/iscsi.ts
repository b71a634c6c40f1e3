// SPDX-License-Identifier: Apache-2.0
import { type Entity, type EntityOf, keyOf, type Said } from "@/agent/protocol/console/view";
import type { IscsiPortal, IscsiPortalGroup, IscsiSession, IscsiTarget } from "@/agent/protocol/model/iscsi";
import type { Timing } from "@/agent/protocol/timing";
import type { ClusterFacts } from "./facts";
import { type Ends, endsOf, type Place, wayKey } from "./iscsi-ends";
import { judgeTarget, lunsOf } from "./iscsi-targets";
import { isUp, judgeDisk, judgeSession, listensAt, portalOf, portalWords } from "./iscsi-words";
import { aged, said } from "./said";
import { joinWords } from "./words";

type Keyed = [string, EntityOf<"target"> | EntityOf<"session">][];

/** What the nodes serve over iSCSI, and the initiators' sessions with who serves them now: both ends together. */
export function iscsiEntities(
  facts: ClusterFacts,
  entities: ReadonlyMap<string, Entity>,
  around: { nowMs: number; timing: Timing },
): Keyed {
  const ends = endsOf(facts, entities, around);
  return ends.places.flatMap(
    (place): Keyed => [
      ...place.targets.map((target): Keyed[number] => [keyOf.target(place.node, target.iqn), targetEntity(place, target, ends, entities)]),
      ...place.sessions.map((session): Keyed[number] => [keyOf.session(place.node, session.name), sessionEntity(place, session, ends)]),
    ],
  );
}

function targetEntity(place: Place, target: IscsiTarget, ends: Ends, entities: ReadonlyMap<string, Entity>): EntityOf<"target"> {
  const { node, standing } = place;
  const others = (ends.targets.get(target.iqn) ?? []).filter(
    (other) => other.place !== place && other.place.standing.isCurrent && serves(other.target),
  );
  const names = serves(target) ? [...new Set(others.map((other) => other.place.node))] : [];
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
function serves(target: IscsiTarget): boolean {
  return target.portalGroups.some(({ isEnabled, portals }) => isEnabled === true && portals.length > 0);
}

/** The client's word on a session that a target lists. */
function clientEnd(iqn: string, initiator: string, ends: Ends): { node: string | null; session: string | null; said: Said } {
  const place = ends.clients.get(initiator);
  if (!place) return { node: null, session: null, said: strangerSaid(ends.nameless) };
  const { node, standing } = place;
  const own = place.ways.get(wayKey(initiator, iqn)) ?? [];
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

function serversOf(session: IscsiSession, asked: IscsiPortal | null, ends: Ends): Server[] {
  return having(session, ends).flatMap(({ place, target }) =>
    target.portalGroups.flatMap((group) =>
      group.isEnabled !== false &&
      (session.tpgt === null || session.tpgt === group.tag) &&
      asked !== null &&
      group.portals.some((portal) => listensAt(portal, asked))
        ? [{ place, target, group }]
        : [],
    ),
  );
}

function having({ target }: IscsiSession, { targets }: Ends): readonly { place: Place; target: IscsiTarget }[] {
  return (target === null ? undefined : targets.get(target)) ?? [];
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
    ways: place.upTo.get(session.target) ?? 0,
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
  const owners = [...new Set(having(session, ends).flatMap(({ place }) => (place.standing.isCurrent ? [place.node] : [])))];
  if (own.level !== "ok") {
    const there = server?.place.standing.isCurrent
      ? `${server.place.node} serves it at ${where}.`
      : owners.length > 0
        ? `${joinWords(owners)} has the target, and nobody listens at ${where}.`
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
    if (owners.length > 0)
      return said("risk", "only this side says so", `${joinWords(owners)} has the target, and nobody listens at ${where}.`);
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
  { below, acls }: Ends,
): string[] {
  const up = `${session.name} to ${asked ? portalWords(asked) : "an address that is not said"}`;
  if (!server) return [up, `${session.target ?? "a target"}, served by nobody known`];
  const { node } = server.place;
  const steps = [up, `${server.target.iqn} on ${node}`];
  const acl = session.initiatorName === null ? undefined : acls.get(server.group)?.get(session.initiatorName);
  // An ACL may give a LUN under another number.
  const own = acl ? acl.luns.find((one) => one.lun === lun)?.is : lun;
  const found = server.group.luns.find((one) => one.lun === own);
  if (!found) return [...steps, lun === null ? "a LUN that is not said" : `LUN ${lun}, not there`];
  return [...steps, `LUN ${found.lun}`, ...(found.device === null ? [] : below(node, found.device).steps)];
}
