// SPDX-License-Identifier: Apache-2.0
import type { Incident, Moment } from "@/agent/protocol/console/history";
import type { Run } from "@/agent/protocol/console/runs";
import type { AgentFrame } from "@/agent/protocol/messages";
import type { Pacemaker } from "@/agent/protocol/model/pacemaker";
import type { ClusterFacts } from "@/server/cluster/facts";
import { nodeWords } from "@/server/cluster/testimony";
import { type Witness, witnessOf } from "@/server/cluster/witness";
import { doneAt, fencingKey, withAttempts } from "./attempts";
import { copiesThen } from "./copies";
import type { FollowedIncident } from "./incident-state";
import { withLastLines } from "./last-lines";
import { momentOf } from "./moment";
import { reasonOf, surer } from "./reason";
import { type ServiceNow, servicesNow } from "./services-now";
import { CLIENT_SOURCES, clientsRead, followStalls } from "./stalls";

export interface FollowAround {
  cluster: string;
  node: string;
  /** The cluster's facts before the frame was folded, and after. */
  before: ClusterFacts;
  after: ClusterFacts;
  runs: readonly Run[];
  newId: () => string;
}

type Frame = Extract<AgentFrame, { type: "fact" | "telemetry" | "line" | "gap" }>;

/**
 * What one frame means for nodes that are lost or fenced: the incidents under way with what it adds, and new ones. Pure.
 * An incident that did not change is the same reference.
 */
export function followIncidents(open: readonly FollowedIncident[], frame: Frame, around: FollowAround): readonly FollowedIncident[] {
  switch (frame.type) {
    case "gap":
      return open;
    case "line":
      return open.map((one) => (one.incident.node === around.node ? changed(one, withLastLines(one.incident, around.after)) : one));
    case "fact":
    case "telemetry":
      if (frame.source === "pacemaker") return followPacemaker(open, around);
      if (frame.source === "kernelLog")
        return open.map((one) => (one.incident.node === around.node ? changed(one, withLastLines(one.incident, around.after)) : one));
      if (CLIENT_SOURCES.includes(frame.source)) return open.map((one) => withStalls(one, frame, around));
      return open;
  }
}

function changed(one: FollowedIncident, incident: Incident, more: Partial<FollowedIncident> = {}): FollowedIncident {
  if (incident === one.incident && Object.keys(more).length === 0) return one;
  return { ...one, ...more, incident, revision: one.revision + 1 };
}

function withStalls(one: FollowedIncident, frame: Extract<Frame, { type: "fact" | "telemetry" }>, around: FollowAround): FollowedIncident {
  const { before, after, node: client } = around;
  const stalls = followStalls(one.incident.stalls, { before, after, client, source: frame.source });
  return stalls === one.incident.stalls ? one : changed(one, { ...one.incident, stalls: [...stalls] });
}

/** One reading of the testimony that the timeline follows, beside the one before it. */
interface Seen extends FollowAround {
  was: Witness | null;
  value: Pacemaker;
  moment: Moment;
  /** The console's clock minus the witness's. */
  offsetMs: number;
  services: readonly ServiceNow[];
}

function followPacemaker(open: readonly FollowedIncident[], around: FollowAround): readonly FollowedIncident[] {
  const was = witnessOf(around.before);
  const now = witnessOf(around.after);
  // Whoever has no quorum knows of the others only that it does not hear them.
  if (!now || now.value.quorate === false || was?.value === now.value) return open;
  const beforeMs = was === null ? null : (around.before.nodes.get(was.node)?.sources.pacemaker?.okAtMs ?? null);
  const moment = momentOf(around.after, now.node, "pacemaker", beforeMs);
  if (!moment) return open;
  const offsetMs = around.after.nodes.get(now.node)?.clockOffsetMs ?? 0;
  const seen: Seen = { ...around, was, value: now.value, moment, offsetMs, services: servicesNow(now.node, now.value) };
  const followed = open.map((one) => step(one, seen));
  const words = nodeWords(now.value);
  // One that ends with this reading has its fencing in it; only a node that is lost once more begins another.
  const isOver = ({ incident: { node, endedAtMs } }: FollowedIncident) => endedAtMs !== null && isGone(words.get(node));
  const running = new Set(followed.filter((one) => !isOver(one)).map(({ incident }) => incident.node));
  const found = [...words].flatMap(([node, word]) => (running.has(node) ? [] : (begin(node, word, seen) ?? [])));
  return found.length === 0 && followed.every((one, index) => one === open[index]) ? open : [...followed, ...found];
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
    devices: value.resources.filter(({ agent }) => agent.startsWith("stonith:")).map(({ id, agent }) => ({ id, agent: agent.slice(8) })),
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
    stalls: [],
  };
  return step({ incident: withLastLines(incident, after), revision: 0, knownFencings, wasGone: false }, seen);
}

const LEAVING: ReadonlySet<string> = new Set(["shutting down", "offline", "pending", "unclean"]);
const BACK: ReadonlySet<string> = new Set(["online", "standby", "maintenance"]);

/** A clone that is not promotable runs beside itself: nothing of it moves. */
function isMovable(id: string, value: Pacemaker): boolean {
  const kind = value.collections.find((one) => one.id === id)?.kind;
  return kind === undefined || kind === "group" || kind === "promotable";
}

function isGone(word: string | undefined): boolean {
  return word === "unclean" || word === "offline";
}

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
