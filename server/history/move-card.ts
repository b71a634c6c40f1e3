// SPDX-License-Identifier: Apache-2.0
import type { FailoverPhase, Incident, Moment } from "@/agent/protocol/console/history";
import { joinWords } from "@/server/cluster/words";
import { between, latest, unmeasured } from "./phase";

type Moved = NonNullable<Incident["moved"]>;

/** What went where, and why: "g_mail went from ruby to crystal. anna ordered it from this console: Standby ruby." */
export function saysOfMove({ node, services }: Incident, { cause }: Moved): string {
  const gone = services.filter(({ to }) => to !== null);
  const left = services.filter(({ to }) => to === null).map(({ id }) => id);
  const places = [...new Set(gone.map(({ to }) => to))].map((to) => {
    const ids = gone.filter((one) => one.to === to).map(({ id }) => id);
    return `${joinWords(ids)} went from ${node} to ${to}`;
  });
  const missing = left.length > 0 ? ` ${joinWords(left)} left ${node} and is not in order again.` : "";
  return `${joinWords(places)}.${missing} ${cause.says}`;
}

/** How long each part of a move took; nobody is fenced in one. */
export function phasesOfMove(incident: Incident, moved: Moved): FailoverPhase[] {
  return [detect(incident, moved), stop(incident, moved), promote(incident, moved), start(incident, moved)];
}

function detect({ services }: Incident, { cause, left }: Moved): FailoverPhase {
  const what = joinWords(services.map(({ id }) => id));
  if (cause.at === null) return unmeasured("detect", "Not measured: what led to it was not seen to begin.");
  const from = { command: "From the command", standby: "From the standby", order: "From the order", quorum: "From the loss of quorum" };
  const since = cause.kind === "failure" ? "From the failure" : cause.kind === "unknown" ? "From its cause" : from[cause.kind];
  return between("detect", cause.at, left, `${since} until ${what} began to leave`);
}

function stop({ node, services }: Incident, { left, stopped }: Moved): FailoverPhase {
  const ids = services.map(({ id, isPromotable }) => (isPromotable ? `${id} (demoted)` : id));
  if (stopped !== null && !isSeenDown(services, stopped))
    return unmeasured("stop", `Not measured: nothing of ${joinWords(ids)} was seen to be down before it was up elsewhere.`);
  if (stopped === null) return unmeasured("stop", `Not measured: ${joinWords(ids)} was not seen to be down on ${node}.`);
  return between("stop", left, stopped, `Until ${node} had nothing of ${joinWords(ids)} any more`);
}

/** Seen down on the one node before any of it was seen up on another. */
function isSeenDown(services: Incident["services"], stopped: Moment): boolean {
  return services.some(({ at }) => at === null || at.atMs > stopped.atMs);
}

/** From when the node had let go; where that was not seen by itself, from when the first of it began to leave. */
function freeAt({ left, stopped }: Moved, services: Incident["services"]): Moment {
  return stopped !== null && isSeenDown(services, stopped) ? stopped : left;
}

function promote({ node, services }: Incident, moved: Moved): FailoverPhase {
  const promotable = services.filter(({ isPromotable }) => isPromotable);
  if (promotable.length === 0) return unmeasured("promote", `Nothing was promoted on ${node}.`);
  const last = latest(promotable.map(({ at }) => at));
  if (!last) return unmeasured("promote", `Not seen: ${joinWords(promotable.map(({ id }) => id))} promoted elsewhere.`);
  return between("promote", freeAt(moved, services), last, `Until ${sayWhere(promotable)} promoted`);
}

function start({ services }: Incident, moved: Moved): FailoverPhase {
  const missing = services.filter(({ at }) => at === null).map(({ id }) => id);
  const last = latest(services.map(({ at }) => at));
  if (!last) return unmeasured("start", `Not seen in order again: ${joinWords(missing)}.`);
  return between("start", freeAt(moved, services), last, `Until ${sayWhere(services)} in order`);
}

function sayWhere(services: Incident["services"]): string {
  return `${joinWords(services.map(({ id, to }) => `${id} on ${to}`))} ${services.length === 1 ? "was" : "were"}`;
}
