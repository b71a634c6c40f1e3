// SPDX-License-Identifier: Apache-2.0
import type { Incident, Moment } from "@/agent/protocol/console/history";
import type { AgentFrame } from "@/agent/protocol/messages";
import type { ClusterFacts } from "@/server/cluster/facts";
import { nodeWords } from "@/server/cluster/testimony";
import { witnessOf } from "@/server/cluster/witness";
import { doneAt, fencingKey, withAttempts } from "./attempts";
import { fromHistory } from "./before";
import { copiesThen } from "./copies";
import type { FollowedIncident } from "./incident-state";
import { withLastLines } from "./last-lines";
import { momentOf } from "./moment";
import { endedMove, followMoves } from "./moves";
import { reasonOf, surer } from "./reason";
import { changed, devicesOf, type FollowAround, isGone, isMovable, type Seen } from "./seen";
import { type ServiceNow, servicesNow } from "./services-now";
import { CLIENT_SOURCES, clientsRead, followStalls, stalledSince } from "./stalls";

type Frame = Extract<AgentFrame, { type: "fact" | "telemetry" | "line" | "gap" }>;

/**
 * What one frame means for nodes that are lost or fenced: the incidents under way with what it adds, and new ones. Pure.
 * An incident that did not change is the same reference.
 */
export function followIncidents(open: readonly FollowedIncident[], frame: Frame, around: FollowAround): readonly FollowedIncident[] {
  const followed = followFrame(open, frame, around);
  const nowMs = around.after.nodes.get(around.node)?.lastWordAtMs ?? null;
  if (nowMs === null || followed.every((one) => endedMove(one, nowMs) === one)) return followed;
  return followed.map((one) => endedMove(one, nowMs));
}

function followFrame(open: readonly FollowedIncident[], frame: Frame, around: FollowAround): readonly FollowedIncident[] {
  switch (frame.type) {
    case "gap":
      return open;
    case "line":
      return open.map((one) => (isLossOf(one, around.node) ? changed(one, withLastLines(one.incident, around.after)) : one));
    case "fact":
    case "telemetry":
      if (frame.source === "pacemaker") return followPacemaker(open, around);
      if (frame.source === "kernelLog")
        return open.map((one) => (isLossOf(one, around.node) ? changed(one, withLastLines(one.incident, around.after)) : one));
      if (CLIENT_SOURCES.includes(frame.source)) return open.map((one) => withStalls(one, frame, around));
      return open;
  }
}

/** The last lines of a node that is there are no last words. */
function isLossOf({ incident }: FollowedIncident, node: string): boolean {
  return incident.node === node && incident.moved === undefined;
}

function withStalls(one: FollowedIncident, frame: Extract<Frame, { type: "fact" | "telemetry" }>, around: FollowAround): FollowedIncident {
  const { before, after, node: client } = around;
  const stalls = followStalls(one.incident.stalls, { before, after, client, source: frame.source });
  return stalls === one.incident.stalls ? one : changed(one, { ...one.incident, stalls: [...stalls] });
}

function followPacemaker(open: readonly FollowedIncident[], around: FollowAround): readonly FollowedIncident[] {
  const was = witnessOf(around.before);
  const now = witnessOf(around.after);
  if (!now || was?.value === now.value) return open;
  const beforeMs = was === null ? null : (around.before.nodes.get(was.node)?.sources.pacemaker?.okAtMs ?? null);
  const moment = momentOf(around.after, now.node, "pacemaker", beforeMs);
  if (!moment) return open;
  const offsetMs = around.after.nodes.get(now.node)?.clockOffsetMs ?? 0;
  const services = servicesNow(now.node, now.value);
  const seen: Seen = { ...around, was, witness: now.node, value: now.value, moment, offsetMs, services };
  const losses = followLosses(
    open.filter(({ incident }) => incident.moved === undefined),
    seen,
  );
  const lost = new Set(losses.filter(({ incident }) => incident.endedAtMs === null).map(({ incident }) => incident.node));
  const moves = followMoves(
    open.filter(({ incident }) => incident.moved !== undefined),
    lost,
    seen,
  );
  const followed = [...losses, ...moves];
  return followed.length === open.length && followed.every((one) => open.includes(one)) ? open : followed;
}

function followLosses(open: readonly FollowedIncident[], seen: Seen): readonly FollowedIncident[] {
  const { was, value } = seen;
  // Whoever has no quorum knows of the others only that it does not hear them.
  if (value.quorate === false) return open;
  const followed = open.map((one) => step(one, seen));
  const words = nodeWords(value);
  // One that ends with this reading has its fencing in it; only a node that is lost once more begins another.
  const isOver = ({ incident: { node, endedAtMs } }: FollowedIncident) => endedAtMs !== null && isGone(words.get(node));
  const running = new Set(followed.filter((one) => !isOver(one)).map(({ incident }) => incident.node));
  const found = [...words].flatMap(([node, word]) => (running.has(node) ? [] : (begin(node, word, seen) ?? [])));
  return [...followed, ...found, ...(was === null ? fromHistory(seen) : [])];
}

/** A new incident, when the reading shows a node lost or being fenced that was not before. */
function begin(node: string, word: string, seen: Seen): FollowedIncident | null {
  const { was, value, after, moment } = seen;
  // The first reading of all is no change: what its history holds was over before anybody looked.
  if (!was) return null;
  const before = nodeWords(was.value).get(node);
  const knownFencings = was.value.fencing.filter(({ target }) => target === node).map(fencingKey);
  const isFenced = value.fencing.some((one) => one.target === node && !knownFencings.includes(fencingKey(one)));
  const isLost = word === "unclean" && before !== "unclean";
  // With fencing off nothing is called unclean: a node that went without shutting down is lost all the same.
  const isLostUnfenced = word === "offline" && value.stonithEnabled === false && before !== undefined && !LEAVING.has(before);
  if (!isFenced && !isLost && !isLostUnfenced) return null;
  const wasThere = servicesNow(was.node, was.value).filter((one) => one.nodes.includes(node));
  const incident: Incident = {
    id: seen.newId(),
    cluster: seen.cluster,
    node,
    openedAtMs: moment.atMs,
    endedAtMs: null,
    attempts: [],
    reason: null,
    devices: devicesOf(value),
    lastWord: null,
    detected: null,
    asked: null,
    done: null,
    back: null,
    // An instance of a clone that ran there is not taken over by another node.
    services: wasThere
      .filter(({ id }) => isMovable(id, was.value))
      .map((one) => ({ id: one.id, isPromotable: one.isPromotable, to: null, at: null })),
    lastLines: [],
    linesUnread: null,
    copies: copiesThen(after),
    clients: clientsRead(after),
    stalls: stalledSince(seen.stalls, after.nodes.get(node)?.lastWordAtMs ?? moment.atMs),
  };
  return step({ incident: withLastLines(incident, after), revision: 0, knownFencings, wasGone: false }, seen);
}

const LEAVING: ReadonlySet<string> = new Set(["shutting down", "offline", "pending", "unclean"]);
const BACK: ReadonlySet<string> = new Set(["online", "standby", "maintenance"]);

/** After this much time nothing more is waited for. */
const FOLLOWED_FOR_MS = 86_400_000;

/** An incident with what one reading adds to it. */
function step(one: FollowedIncident, seen: Seen): FollowedIncident {
  const { incident } = one;
  const { value, moment, after, services } = seen;
  const word = nodeWords(value).get(incident.node);
  const isGoneNow = isGone(word);
  const wasGone = one.wasGone || isGoneNow;
  const fresh = value.fencing.filter((each) => each.target === incident.node && !one.knownFencings.includes(fencingKey(each)));
  const attempts = withAttempts(incident.attempts, fresh);
  const last = attempts.findLast(({ status }) => status === "success") ?? null;
  const isAsked = attempts.length > 0 && incident.attempts.length === 0;
  const asked = incident.asked ?? (isAsked && attempts.some(({ status }) => status === "pending") ? moment : null);
  const done = incident.done ?? (last ? doneAt(last, { asked, moment, offsetMs: seen.offsetMs }) : null);
  const detected = incident.detected ?? (isGoneNow ? moment : null);
  const isBack = word !== undefined && BACK.has(word) && (done !== null || wasGone) && wasGone;
  const moved = incident.services.map((service) =>
    service.at === null ? taken(service, incident.node, isBack, moment, services) : service,
  );
  const back = incident.back ?? (isBack ? moment : null);
  const isOver = (back !== null && moved.every(({ at }) => at !== null)) || moment.atMs - incident.openedAtMs > FOLLOWED_FOR_MS;
  const isAgain = back !== null && isGoneNow;
  const reason =
    done === null || incident.done === null ? reasonOf(incident.node, { value, attempts, runs: seen.runs, atMs: moment.atMs }) : null;
  const next: Incident = {
    ...incident,
    attempts,
    lastWord: incident.done === null ? lastWordOf(incident.node, detected, after) : incident.lastWord,
    detected,
    asked,
    done,
    back,
    services: moved,
    reason: surer(incident.reason, reason),
    endedAtMs: isOver || isAgain ? moment.atMs : null,
  };
  return changed({ ...one, wasGone }, withLastLines(next, after));
}

/** What the node's agent said last before the cluster missed it; null while it goes on speaking. */
function lastWordOf(node: string, detected: Moment | null, after: ClusterFacts): Moment | null {
  const spokeMs = after.nodes.get(node)?.lastWordAtMs ?? null;
  if (spokeMs === null || (detected !== null && spokeMs > detected.atMs)) return null;
  return { atMs: spokeMs, withinMs: 0, by: `the console's own link to ${node}` };
}

/** A service of the node, in order elsewhere; on the node itself only once it is back. */
function taken(
  service: Incident["services"][number],
  node: string,
  isBack: boolean,
  moment: Moment,
  services: readonly ServiceNow[],
): Incident["services"][number] {
  const now = services.find(({ id }) => id === service.id);
  const to = now?.isUp === true ? now.nodes.find((each) => isBack || each !== node) : undefined;
  return to === undefined ? service : { ...service, to, at: moment };
}
