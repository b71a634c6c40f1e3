// SPDX-License-Identifier: Apache-2.0
import type { ClientStall, FailoverPhase, Incident, IncidentCard, Moment } from "@/agent/protocol/console/history";
import { counted, joinWords } from "@/server/cluster/words";
import { phasesOfMove, saysOfMove } from "./move-card";
import { between, latest, unmeasured } from "./phase";
import { syncedThen } from "./synced";

/** An incident with its failover's phases and its sentence, as people are shown it. Pure. */
export function cardOf(incident: Incident): IncidentCard {
  return { ...incident, says: saysOf(incident), failover: failoverOf(incident), ...syncedThen(incident) };
}

/** Who fenced whom, and why: "node2 fenced node3 (reboot). The cluster did not hear it any more …". */
function saysOf(incident: Incident): string {
  if (incident.moved) return saysOfMove(incident, incident.moved);
  const { node, attempts, done, back, reason, endedAtMs, fromHistory } = incident;
  const why = reason ? ` ${reason.says}` : fromHistory ? " Why, its history does not say." : " Why, was not seen.";
  const last = attempts.at(-1);
  if (!last) return `${node} was lost and not fenced${back ? "; it came back by itself" : ""}.${why}`;
  const good = attempts.findLast(({ status }) => status === "success") ?? null;
  const failed = attempts.filter(({ status }) => status === "failed").length;
  const before = good && failed > 0 ? `, after ${counted(failed, "attempt")} that failed` : "";
  if (good) return `${good.delegate ?? "A node that is not named"} fenced ${node} (${good.action})${before}.${why}`;
  if (last.status === "failed") return `The fencing of ${node} failed${last.exitReason ? `: ${last.exitReason}` : ""}.${why}`;
  if (last.status === "pending") {
    const asker = last.origin === null ? "The cluster" : last.origin;
    return `${asker} asked for ${node} to be fenced (${last.action})${endedAtMs === null ? "" : "; the end of it was not seen"}.${why}`;
  }
  return `The fencing of ${node}${done ? " was done" : ` stands at "${last.status}"`}.${why}`;
}

function failoverOf(incident: Incident): FailoverPhase[] {
  // It was over before anybody measured.
  if (incident.fromHistory) return [];
  if (incident.moved) return [...phasesOfMove(incident, incident.moved), clientStall(incident)];
  return [detect(incident), fence(incident), promote(incident), start(incident), clientStall(incident)];
}

function detect({ node, lastWord, detected, attempts }: Incident): FailoverPhase {
  if (!detected && attempts.length > 0)
    return unmeasured("detect", `Not measured: the cluster was not seen to miss ${node} before it was fenced.`);
  if (!detected) return unmeasured("detect", "Not seen.");
  if (!lastWord) return unmeasured("detect", `Not measured: no last word of ${node}'s agent tells when it went.`);
  if (detected.atMs < lastWord.atMs)
    return unmeasured("detect", `Not measured: ${node}'s agent was still heard when the cluster missed it.`);
  return between("detect", lastWord, detected, `From the last word of ${node}'s agent until the cluster missed it`);
}

function fence({ node, asked, detected, done, attempts }: Incident): FailoverPhase {
  if (attempts.length === 0) return unmeasured("fence", `Nobody fenced ${node}.`);
  if (!done) return unmeasured("fence", "Its end was not seen.");
  if (asked) return between("fence", asked, done, "From its order until it was done");
  if (detected)
    return between("fence", detected, done, `From when the cluster missed ${node} until it was done; the order itself was not seen`);
  return unmeasured("fence", "Not measured: its order was not seen, only its end.");
}

/** From when the cluster was free to act: fenced, or where nobody fenced, missed. */
function freeAt({ done, detected, attempts }: Incident): Moment | null {
  return attempts.length > 0 ? done : detected;
}

function promote(incident: Incident): FailoverPhase {
  const promotable = incident.services.filter(({ isPromotable }) => isPromotable);
  if (promotable.length === 0) return unmeasured("promote", `Nothing was promoted on ${incident.node}.`);
  const free = freeAt(incident);
  const last = latest(promotable.map(({ at }) => at));
  if (!free || !last) return unmeasured("promote", `Not seen: ${joinWords(promotable.map(({ id }) => id))} promoted elsewhere.`);
  const where = promotable.map(({ id, to }) => `${id} on ${to}`);
  return between("promote", free, last, `Until ${joinWords(where)} ${where.length === 1 ? "was" : "were"} promoted`);
}

function start(incident: Incident): FailoverPhase {
  const { services, node } = incident;
  if (services.length === 0) return unmeasured("start", `No service that another node takes over ran on ${node}.`);
  const missing = services.filter(({ at }) => at === null).map(({ id }) => id);
  if (missing.length > 0) return unmeasured("start", `Not seen in order again: ${joinWords(missing)}.`);
  const free = freeAt(incident);
  const last = latest(services.map(({ at }) => at));
  if (!free || !last) return unmeasured("start", "Not measured: when the cluster was free to start them was not seen.");
  const where = services.map(({ id, to }) => `${id} on ${to}`);
  return between("start", free, last, `Until ${joinWords(where)} ${where.length === 1 ? "was" : "were"} in order`);
}

/** The longest wait of any client, only where a client's own facts show it. */
function clientStall({ stalls, clients }: Incident): FailoverPhase {
  if (clients.length === 0) return unmeasured("clientStall", "Not measured: no client's paths to its disks are read.");
  const over = stalls.flatMap((one) => (one.until === null ? [] : [{ ...one, until: one.until }]));
  if (stalls.length === 0) {
    return unmeasured("clientStall", `Not measured: no session or device of ${joinWords(clients)} was seen to stop.`);
  }
  const longest = over.sort((x, y) => y.until.atMs - y.from.atMs - (x.until.atMs - x.from.atMs))[0];
  const open = stalls.filter(({ until }) => until === null);
  if (open.length > 0 || !longest) return unmeasured("clientStall", `Still stopped: ${joinWords(open.map(wayOf))}.`);
  return between("clientStall", longest.from, longest.until, `${wayOf(longest)} was ${longest.word}`);
}

function wayOf({ client, what }: ClientStall): string {
  return `${what} of ${client}`;
}
