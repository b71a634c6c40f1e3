// SPDX-License-Identifier: Apache-2.0
import type { Phase } from "@/agent/protocol/console/runs";
import { type EntityOf, keyOf, type View } from "@/agent/protocol/console/view";
import { roleIs } from "@/server/cluster/service-roles";
import { plainId } from "@/server/cluster/services";
import { every } from "@/server/findings/define";

/** What each concerned primitive does now, in words: "stopping", "started on ruby". */
function doing(view: View, resources: ReadonlySet<string>): Map<string, string> {
  const words = new Map<string, string>();
  for (const [, { id, type, parents, pending, places, said }] of every(view, "resource")) {
    if (type !== "primitive" || !(resources.has(id) || parents.some((parent) => resources.has(parent)))) continue;
    const where = places.map(({ role, node }) => `${role.toLowerCase()} on ${node}`).join(", ");
    words.set(id, pending ? pending.toLowerCase() : where || said.word);
  }
  return words;
}

/** Whether an operation of any of them is under way, or a fencing that it may wait for. */
export function isBusy(view: View, resources: ReadonlySet<string>): boolean {
  if (every(view, "fencing").some(([, { fencing, said }]) => fencing.status === "pending" && said.level !== "old")) return true;
  return every(view, "resource").some(
    // A start, stop or promotion is a role to crm_mon, and no pending operation.
    ([, { id, parents, pending, places }]) =>
      (pending !== undefined || places.some(({ role }) => roleIs(role) === "moving")) &&
      (resources.has(id) || parents.some((parent) => resources.has(parent))),
  );
}

const MOST_PHASES = 60;

/** The phases after the view moved: what a resource did before ends when it does something else. Pure. */
export function nextPhases(phases: readonly Phase[], before: View, after: View, resources: ReadonlySet<string>, nowMs: number): Phase[] {
  const was = doing(before, resources);
  const is = doing(after, resources);
  let told = [...phases];
  for (const [id, word] of is) {
    const old = was.get(id);
    if (old === undefined || old === word) continue;
    told = told.map((phase) => (phase.endedAtMs === null && phase.says.startsWith(`${id}: `) ? { ...phase, endedAtMs: nowMs } : phase));
    told.push({ says: `${id}: ${word}`, startedAtMs: nowMs, endedAtMs: null });
  }
  return told.length > MOST_PHASES ? [...told.slice(0, 5), ...told.slice(5 - MOST_PHASES)] : told;
}

/** Closes what still lasts. */
export function endPhases(phases: readonly Phase[], nowMs: number): Phase[] {
  return phases.map((phase) => (phase.endedAtMs === null ? { ...phase, endedAtMs: nowMs } : phase));
}

type Fencing = EntityOf<"fencing">["fencing"];

/** Every fencing in the view's history, as text, so that a new one can be told. */
export function fencingsIn(view: View): Set<string> {
  return new Set(every(view, "fencing").map(([, { fencing }]) => identity(fencing)));
}

/** Fencings that began since, each as a sentence with its reason where the cluster gives one, or gave one meanwhile (`seen`). */
export function fencedSince(view: View, before: ReadonlySet<string>, seen: readonly Failure[] = []): string[] {
  return every(view, "fencing").flatMap(([, { fencing }]) => {
    if (before.has(identity(fencing))) return [];
    const { target, action, status, delegate, client } = fencing;
    const by = delegate ? ` by ${delegate}` : "";
    const how = status === "success" ? `was fenced (${action}${by})` : `is being fenced (${action}${by}, ${status})`;
    return [`${target} ${how}${client ? `, asked for by ${client}` : ""}. ${whyFenced(view, target, seen)}`.trim()];
  });
}

/** How a fencing of this node stands that was not there before; null when there is none. One that came true counts, whatever else was tried. */
export function fencingSince(view: View, before: ReadonlySet<string>, node: string): string | null {
  const own = every(view, "fencing").flatMap(([, { fencing }]) =>
    fencing.target === node && !before.has(identity(fencing)) ? [fencing.status] : [],
  );
  return own.find((status) => status === "success") ?? own[0] ?? null;
}

/** A pending entry gets its end later: then it is still the same fencing. */
function identity({ target, action, client, origin, completed, status }: Fencing): string {
  return JSON.stringify([target, action, client, origin, status === "pending" ? null : completed]);
}

/** What failed on the node: the cause that Pacemaker fences for. */
function whyFenced(view: View, node: string, seen: readonly Failure[]): string {
  const failed = [...seen, ...everyFailure(view)].filter((failure) => failure.node === node);
  const stop = failed.find(({ task }) => task === "stop") ?? failed[0];
  if (!stop) return "";
  const reason = stop.exitReason ? `: ${stop.exitReason}` : "";
  return `The ${stop.task} of ${stop.resource} failed there${stop.exitStatus ? ` (${stop.exitStatus}${reason})` : reason}.`;
}

/** One operation that failed, as Pacemaker remembers it until it is cleaned up, or its node is fenced. */
export type Failure = EntityOf<"resource">["failures"][number];

function everyFailure(view: View): Failure[] {
  return every(view, "resource").flatMap(([, { failures }]) => failures);
}

/** Collects the failures that come up while it is shown views: a fencing makes Pacemaker forget them. */
export function collectFailures(before: View): { see: (view: View) => void; seen: readonly Failure[] } {
  const known = new Set(everyFailure(before).map(failureIdentity));
  const seen: Failure[] = [];
  return {
    seen,
    see(view) {
      for (const failure of everyFailure(view)) {
        const identity = failureIdentity(failure);
        if (!known.has(identity)) seen.push(failure);
        known.add(identity);
      }
    },
  };
}

/** Failures of what a run follows, as text, so that a new one can be told. */
export function failuresIn(view: View, resources: ReadonlySet<string>): Set<string> {
  return new Set(failuresOf(view, resources).map(failureIdentity));
}

/** Operations that failed since, a sentence each. */
export function failedSince(view: View, resources: ReadonlySet<string>, before: ReadonlySet<string>): string[] {
  return failuresOf(view, resources).flatMap((failure) => {
    if (before.has(failureIdentity(failure))) return [];
    const { task, resource, node, exitStatus, exitReason } = failure;
    const why = [exitStatus, exitReason].filter(Boolean).join(": ");
    return [`The ${task} of ${resource} failed on ${node}${why === "" ? "" : ` (${why})`}.`];
  });
}

function failuresOf(view: View, resources: ReadonlySet<string>): Failure[] {
  return every(view, "resource").flatMap(([, { id, parents, failures }]) =>
    resources.has(id) || parents.some((parent) => resources.has(parent)) ? failures : [],
  );
}

function failureIdentity({ resource, node, task, failCount, lastChange }: Failure): string {
  return JSON.stringify([resource, node, task, failCount, lastChange]);
}

/** The primitives and collections that a run follows. */
export function followed(view: View, touched: readonly string[], actions: readonly { resource: string | null }[]): Set<string> {
  const named = [...touched, ...actions.flatMap(({ resource }) => (resource === null ? [] : [plainId(resource)]))];
  return new Set(named.filter((id) => view.has(keyOf.resource(id))));
}
