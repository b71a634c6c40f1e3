// SPDX-License-Identifier: Apache-2.0
import type { GuardFinding, Verdict } from "@/agent/protocol/console/runs";
import { type Entity, type EntityKind, type EntityOf, keyOf, type View } from "@/agent/protocol/console/view";
import { same, sameButAge } from "@/server/cluster/same";
import { counted, joinWords } from "@/server/cluster/words";
import { clusterOf } from "@/server/findings/define";
import { type Guard, judge } from "./define";
import { anotherNodeIsKnown, anotherNodeIsUsable } from "./guards/another-node-is-usable";
import { LEAVING } from "./guards/catalog";
import { quorumIsKnown } from "./guards/cluster-has-quorum";
import { clientsAreHeard, clusterIsLive, factsAreFresh, pacemakerAnswers } from "./guards/facts-are-fresh";
import { otherCopyIsHeard } from "./guards/other-copy-is-up-to-date";
import { CANNOT_TELL, isService, leaving, members, resourcesOn, STANDING, usableOthers } from "./look";

/** What these find is that something is not known: alone they make no No, and never a Yes. */
const UNKNOWING: ReadonlySet<string> = new Set(
  [clusterIsLive, factsAreFresh, pacemakerAnswers, quorumIsKnown, otherCopyIsHeard, anotherNodeIsKnown, clientsAreHeard].map(
    ({ name }) => name,
  ),
);

/** Without any Pacemaker there is none to ask; copies and clients count all the same. */
const WITHOUT_PACEMAKER: readonly Guard[] = LEAVING.filter(
  (guard) => ![pacemakerAnswers, anotherNodeIsUsable, anotherNodeIsKnown].includes(guard),
);

/** So many of the entities that a reason is about go with a verdict: the first are the ones it names. */
const MOST_ABOUT = 8;

/**
 * "Is it safe to take this node down now?", from the guards of standby, without a simulation. What is so at every stop of a
 * healthy node is told beside a Yes; a person who stops it accepts it in the dialog.
 */
export function verdictOf(view: View, node: string, nowMs: number): Verdict {
  const context = {
    view,
    nowMs,
    asker: { user: "", role: "viewer" as const },
    preview: null,
    touched: leaving(view, node),
    kinds: [],
    verb: STANDING,
    title: `Take ${node} down`,
    runId: null,
  };
  const found = judge(hasNoPacemaker(view) ? WITHOUT_PACEMAKER : LEAVING, context);
  const reasons = found.map((finding) => ({ ...finding, about: finding.about.slice(0, MOST_ABOUT) }));
  const against = reasons.filter(({ level }) => level !== "inform");
  const known = against.find(({ guard }) => !UNKNOWING.has(guard));
  // What would be so at any stop is told where one may be thought of.
  if (known) return { node, answer: "no", says: `No. ${headOf(known)}`, reasons: against };
  const [unknown] = against;
  if (unknown) return { node, answer: "unknown", says: `Cannot tell: ${ignoranceOf(unknown)}`, reasons: against };
  return { node, answer: "yes", says: `Yes. ${effectOf(view, node)}`, reasons };
}

/** Every member says that there is none, and none was ever read. */
function hasNoPacemaker(view: View): boolean {
  if (clusterOf(view)?.pacemaker) return false;
  return members(view).every(({ name }) => {
    const source = view.get(keyOf.source(name, "pacemaker"));
    return source?.kind === "source" && source.status === "absent" && source.freshness === "live";
  });
}

/** The first statement of a finding, as a sentence: how, and what to do, stand with the reason. */
function headOf({ message }: GuardFinding): string {
  return `${message.split(/[:.](?:\s|$)/, 1)[0] ?? message}.`;
}

function ignoranceOf({ message }: GuardFinding): string {
  const own = message.startsWith(CANNOT_TELL)
    ? message.slice(CANNOT_TELL.length)
    : message.replace(/^(No|This) /, (word) => word.toLowerCase());
  return `${own.split(/\.(?:\s|$)/, 1)[0] ?? own}.`;
}

/** What becomes of its services. */
function effectOf(view: View, node: string): string {
  const services = resourcesOn(view, node)
    .filter(isService)
    .map(({ id }) => id);
  if (services.length === 0) return "No service runs on it.";
  const names = joinWords(services.length > 4 ? [...services.slice(0, 3), counted(services.length - 3, "other")] : services);
  const others = usableOthers(view, node);
  const where = others.length === 1 ? (others[0]?.name ?? "another node") : "another node";
  return `${names} ${services.length === 1 ? "moves" : "move"} to ${where}.`;
}

/** What no guard of a standby looks at. */
const NOT_LOOKED_AT: ReadonlySet<EntityKind> = new Set(["drbd", "finding", "event", "safety", "maintenance", "swap", "ocfs2"]);
/** A hazard that time alone ends is looked at again so often. */
const LOOK_AGAIN_MS = 60_000;
const madeAtMs = new WeakMap<View, number>();

/** A verdict for each member. Those of the view before stand while nothing that guards look at has moved. */
export function safetyEntities(view: View, before: View, nowMs: number): [string, EntityOf<"safety">][] {
  const nodes = members(view);
  const lastMs = madeAtMs.get(before);
  if (lastMs !== undefined && Math.abs(nowMs - lastMs) < LOOK_AGAIN_MS && isUnmoved(view, before)) {
    madeAtMs.set(view, lastMs);
    return nodes.flatMap(({ name }): [string, EntityOf<"safety">][] => {
      const known = before.get(keyOf.safety(name));
      return known?.kind === "safety" ? [[keyOf.safety(name), known]] : [];
    });
  }
  madeAtMs.set(view, nowMs);
  return nodes.map(({ name }) => {
    const key = keyOf.safety(name);
    const verdict: EntityOf<"safety"> = { kind: "safety", ...verdictOf(view, name, nowMs) };
    const known = before.get(key);
    return [key, known?.kind === "safety" && same(known, verdict) ? known : verdict];
  });
}

function isUnmoved(view: View, before: View): boolean {
  return holds(view, before, (one, was) => one === was || sameForGuards(one, was)) && holds(before, view, () => true);
}

/** Whether every entity that guards look at has its like in the other view. */
function holds(view: View, other: View, isLike: (one: Entity, like: Entity) => boolean): boolean {
  for (const [key, entity] of view) {
    if (NOT_LOOKED_AT.has(entity.kind)) continue;
    const like = other.get(key);
    if (!like || !isLike(entity, like)) return false;
  }
  return true;
}

/** Load and ages move all the time, and no guard looks at them. */
function sameForGuards(one: Entity, was: Entity): boolean {
  if (one.kind === "node" && was.kind === "node") return sameButAge({ ...one, host: null }, { ...was, host: null });
  if (one.kind === "cluster" && was.kind === "cluster") return same(one.pacemaker, was.pacemaker) && one.recorded === was.recorded;
  return one.kind === "source" && sameButAge(one, was);
}
