// SPDX-License-Identifier: Apache-2.0
import type { Moment, MoveCause } from "@/agent/protocol/console/history";
import { keyOf } from "@/agent/protocol/console/view";
import type { PacemakerConstraint } from "@/agent/protocol/model/pacemaker";
import { constrainedNode, originOf } from "@/server/cluster/history";
import { printedMs } from "@/server/cluster/printed-time";
import { failureWords } from "@/server/cluster/service-roles";
import { asSentence } from "@/server/cluster/words";
import { commandBehind } from "./behind";
import type { Seen } from "./seen";

/** Why services (`ids`: with all their parts) leave a node that is there, as far as one reading and the commands of this console say. */
export function causeOf(node: string, ids: readonly string[], seen: Seen): MoveCause {
  const { value, was, moment, runs } = seen;
  const run = commandBehind(runs, new Set([...ids.map(keyOf.resource), keyOf.node(node)]), moment.atMs);
  if (run) {
    const at = { atMs: run.startedAtMs, withinMs: 0, by: "this console" };
    return { kind: "command", says: `${run.by} ordered it from this console: ${run.title}.`, at };
  }
  if (value.quorate === false) return { kind: "quorum", says: `${seen.witness}'s side of the cluster lost its quorum.`, at: moment };
  const failure = value.failures.findLast((one) => one.node === node && ids.includes(one.resource));
  if (failure) return { kind: "failure", says: asSentence(capital(failureWords(failure))), at: failedAt(failure.lastChange, seen) };
  const home = value.nodes.find(({ name }) => name === node);
  const before = was?.value.nodes.find(({ name }) => name === node);
  if (home?.standby && !home.pending && !home.standbyOnFail)
    return { kind: "standby", says: `${node} was put in standby, not from this console.`, at: before?.standby === false ? moment : null };
  if (home?.shutdown || home?.online === false)
    return { kind: "order", says: `Pacemaker on ${node} was shut down.`, at: before?.shutdown === false ? moment : null };
  const known = new Set(was?.value.constraints.map(({ id }) => id));
  const order = value.constraints.find((one) => one.resource !== null && ids.includes(one.resource) && isByHand(one));
  if (order) return { kind: "order", says: orderWords(order), at: known.has(order.id) ? null : moment };
  return { kind: "unknown", says: "Why, was not seen.", at: null };
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function isByHand(one: PacemakerConstraint): boolean {
  return originOf(one) === "ban" || originOf(one) === "prefer";
}

function orderWords(one: PacemakerConstraint): string {
  const where = constrainedNode(one) ?? "a node";
  const what = originOf(one) === "ban" ? `banned from ${where}` : `moved to ${where}`;
  return `${one.resource} was ${what} by hand, not from this console (${one.id}).`;
}

/** When an operation failed, by the cluster's own record of it, to the second; where that is printed without its zone, as it was seen. */
function failedAt(lastChange: string | null, { moment, offsetMs }: Seen): Moment {
  const printed = printedMs(lastChange);
  if (printed === null || printed + offsetMs > moment.atMs) return moment;
  return { atMs: printed + offsetMs, withinMs: 0, by: "the cluster's record of the failure, to the second" };
}
