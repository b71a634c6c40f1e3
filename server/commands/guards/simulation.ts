// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import type { Placement, SimulatedAction, StepPreview } from "@/agent/protocol/steps";
import { roleIs } from "@/server/cluster/service-roles";
import { plainId } from "@/server/cluster/services";
import { counted, joinWords } from "@/server/cluster/words";
import { every } from "@/server/findings/define";
import { defineGuard, type Found, type GuardContext } from "../define";
import { isFence, isThere, type Resource, resourceOf } from "../look";

type Placements = ReadonlyMap<string, readonly Placement[]>;

/** Where a simulated step ends, by plain id; null where nothing was simulated. */
export function placementsOf(step: StepPreview | undefined): Placements | null {
  if (!step || step.placements.length === 0) return null;
  const byId = new Map<string, Placement[]>();
  for (const placement of step.placements) {
    const id = plainId(placement.resource);
    const list = byId.get(id);
    if (list) list.push(placement);
    else byId.set(id, [placement]);
  }
  return byId;
}

/** Where it all ends: of the last step that says. */
export function endOf({ preview }: GuardContext): Placements | null {
  return placementsOf(preview?.findLast(({ placements }) => placements.length > 0));
}

function isRunning({ node, role }: Placement): boolean {
  return node !== null && roleIs(role) !== "stopped";
}

/** The group or clone a person knows it by. */
function topId({ parents, id }: Resource): string {
  return parents[0] ?? id;
}

/** What runs now runs somewhere afterwards. A move that stops its resource is none; a node may be meant to stop everything. */
export const nothingStopsEverywhere = defineGuard({
  name: "nothing-stops-everywhere",
  number: "0.3",
  check(context): Found[] {
    const end = endOf(context);
    if (end === null || isFence(context)) return [];
    const { view, touched } = context;
    const stopped = new Set<string>();
    const unpromoted = new Set<string>();
    for (const [, resource] of every(view, "resource")) {
      const after = end.get(resource.id);
      if (resource.type !== "primitive" || resource.agent?.startsWith("stonith:") || !after) continue;
      const now = resource.places.filter(isThere);
      if (now.length > 0 && !after.some(isRunning)) stopped.add(topId(resource));
      else if (hasPromoted(now) && !hasPromoted(after)) unpromoted.add(topId(resource));
    }
    const level = touched.isWholeNode || touched.to === null ? "type" : "block";
    const say = (ids: ReadonlySet<string>, what: string): Found[] => {
      if (ids.size === 0) return [];
      const names = listed([...ids]);
      const it = ids.size === 1 ? "it" : "them";
      const todo = touched.isWholeNode
        ? `Find out what keeps ${it} off the other nodes first.`
        : `Choose another node, or see what keeps ${it} off.`;
      return [{ level, message: `The simulation says that ${names} ${what}. ${todo}`, about: [...ids].map(keyOf.resource) }];
    };
    return [...say(stopped, "would be stopped everywhere"), ...say(unpromoted, "would be promoted nowhere")];
  },
});

function hasPromoted(places: readonly { role: string }[]): boolean {
  return places.some(({ role }) => roleIs(role) === "promoted");
}

function listed(ids: readonly string[]): string {
  return joinWords(ids.length > 4 ? [...ids.slice(0, 3), counted(ids.length - 3, "other")] : ids);
}

/** No node is power-cycled by it, unless that is what was asked for. */
export const nothingIsFenced = defineGuard({
  name: "nothing-is-fenced",
  number: "0.3",
  check(context) {
    const { touched, preview } = context;
    const fenced = (preview ?? []).flatMap(({ actions }) => actions.filter(({ action }) => action.startsWith("fence")));
    const nodes = [...new Set(fenced.map(({ node }) => node ?? "a node"))].filter((node) => !(isFence(context) && node === touched.from));
    return nodes.map((node) => ({
      level: "type",
      message: `The simulation says that ${node} would be fenced: power-cycled, with no clean stop. Find out why first.`,
      about: [keyOf.node(node)],
    }));
  },
});

/** What the cluster would like to do it may also do. Pacemaker marks what it may not: after a stop that failed, without fencing. */
export const nothingIsBlocked = defineGuard({
  name: "nothing-is-blocked",
  number: "0.3",
  check({ preview }) {
    const blocked = (preview ?? []).flatMap(({ actions }) => actions.filter(isBlocked));
    if (blocked.length === 0) return [];
    const ids = [...new Set(blocked.map(({ resource, node }) => plainId(resource ?? node ?? "something")))];
    const what = listed([...new Set(blocked.map((action) => phraseOf(action)))]);
    const message = `The cluster would like to, but may not: ${what}. Something failed there before: see why, then clean up first.`;
    return [{ level: "warn", message, about: ids.map(keyOf.resource) }];
  },
});

/** The tool's own word, at the end of the reason. */
function isBlocked({ reason }: SimulatedAction): boolean {
  return reason?.endsWith("(blocked)") === true;
}

/** Pacemaker takes a move to any node: the simulation tells whether it would really run there. */
export const simulationReachesTarget = defineGuard({
  name: "simulation-reaches-target",
  number: "3.5",
  check(context): Found[] {
    const { view, touched, preview } = context;
    const { to } = touched;
    const first = placementsOf(preview?.find(({ placements }) => placements.length > 0));
    const end = endOf(context);
    if (to === null || first === null || end === null) return [];
    const arrives = (at: Placements, resource: Resource): boolean | null => {
      const places = leavesOf(view, resource).map(({ id }) => at.get(id));
      if (places.length === 0 || places.some((list) => list === undefined)) return null;
      const isRole = (place: Placement) => resource.type !== "promotable" || roleIs(place.role) === "promoted";
      return places.every((list) => list?.some((place) => place.node === to && isRunning(place) && isRole(place)));
    };
    return askedFor(context).flatMap((resource): Found[] => {
      const about = [keyOf.resource(resource.id), keyOf.node(to)];
      const does = resource.type === "promotable" ? "promote" : "run";
      if (arrives(first, resource) === false) {
        const message = `Pacemaker would not ${does} ${resource.id} on ${to}: the simulation leaves it elsewhere. See what keeps it off ${to}.`;
        return [{ level: "block", message, about }];
      }
      if (first === end || arrives(end, resource) !== false) return [];
      const message = `${resource.id} would go back as soon as the constraint of the move is removed. See what draws it back.`;
      return [{ level: "warn", message, about }];
    });
  },
});

/** What a person named. What is not known by name here is told by others. */
function askedFor({ view, touched }: GuardContext): Resource[] {
  const [first] = touched.resources;
  const resource = resourceOf(view, first);
  return resource ? [resource] : [];
}

function leavesOf(view: GuardContext["view"], resource: Resource): Resource[] {
  if (resource.type === "primitive") return [resource];
  return resource.children.flatMap((id) => {
    const child = resourceOf(view, id);
    return child ? leavesOf(view, child) : [];
  });
}

/** Everything that goes along, by group and by colocation. */
export const saysWhatMovesAlong = defineGuard({
  name: "says-what-moves-along",
  number: "4.1",
  check(context): Found[] {
    const { view } = context;
    const [main] = askedFor(context);
    if (!main || context.preview === null) return [];
    const own = new Set([main.id, ...leavesOf(view, main).map(({ id }) => id)]);
    const moved = movedIds(context);
    const inside = moved.filter((id) => own.has(id) && id !== main.id);
    const beside = moved.filter((id) => !own.has(id));
    const found: Found[] = [];
    if (beside.length > 0) {
      const ids = [...new Set(beside.map((id) => topOf(view, id)))];
      const message = `${listed(ids)} ${ids.length === 1 ? "is" : "are"} tied to ${main.id}, and would be stopped, moved or change role with it.`;
      found.push({ level: "warn", message, about: ids.map(keyOf.resource) });
    }
    if (inside.length > 0 && main.type === "group") {
      const message = `The whole group goes: ${listed(inside)}.`;
      found.push({ level: "inform", message, about: inside.map(keyOf.resource) });
    }
    return found;
  },
});

function topOf(view: GuardContext["view"], id: string): string {
  const resource = resourceOf(view, id);
  return resource ? topId(resource) : id;
}

/** Plain ids of what any step's simulation does something to. */
function movedIds({ preview }: GuardContext): string[] {
  const ids = (preview ?? []).flatMap(({ actions }) => actions.flatMap(({ resource }) => (resource === null ? [] : [plainId(resource)])));
  return [...new Set(ids)];
}

const INTERRUPTS: ReadonlySet<string> = new Set(["stop", "move", "migrate", "restart", "recover", "demote", "re-promote"]);

/** What the simulation does to services that run now, a phrase each; the others are told by `started`. */
export function interruptions(context: GuardContext): { ids: string[]; phrases: string[]; started: string[] } {
  const actions = (context.preview ?? []).flatMap((step) => step.actions);
  const hit = actions.filter(({ action, resource, reason }) => {
    if (resource === null || !INTERRUPTS.has(action) || reason?.endsWith("(blocked)")) return false;
    const known = resourceOf(context.view, plainId(resource));
    return known?.places.some(isThere) === true && !known.agent?.startsWith("stonith:");
  });
  const started = actions.flatMap(({ action, resource }) => (resource !== null && action === "start" ? [plainId(resource)] : []));
  const ids = [...new Set(hit.flatMap(({ resource }) => (resource === null ? [] : [plainId(resource)])))];
  return { ids, phrases: hit.slice(0, 4).map(phraseOf), started: [...new Set(started)] };
}

function phraseOf({ resource, action, node, to }: SimulatedAction): string {
  const id = plainId(resource ?? "it");
  if (action === "move" || action === "migrate") return `${id} moves from ${node ?? "its node"} to ${to ?? "another node"}`;
  const where = node === null ? "" : ` on ${node}`;
  switch (action) {
    case "stop":
      return `${id} stops${where}`;
    case "demote":
      return `${id} is demoted${where}`;
    case "recover":
      return `${id} is recovered${where}`;
    case "restart":
    case "re-promote":
      return `${id} is interrupted${where}`;
    default:
      return `${id}: ${action}${where}`;
  }
}

/** Services that run now are left where they are; a second interruption is said before the click. */
function interruptionGuard(name: string, number: string, head: string) {
  return defineGuard({
    name,
    number,
    check(context) {
      const { ids, phrases } = interruptions(context);
      if (ids.length === 0) return [];
      const more = ids.length > phrases.length ? [counted(ids.length - phrases.length, "other")] : [];
      return [{ level: "warn", message: `${head}: ${joinWords([...phrases, ...more])}.`, about: ids.map(keyOf.resource) }];
    },
  });
}

/** A node that is taken back draws services to itself at once, where their stickiness is less than what draws them. */
export const failBackMovesNothing = interruptionGuard(
  "fail-back-moves-nothing",
  "3.10",
  "Services move back at once, a second interruption",
);

/** A constraint that goes lets services move. */
export const clearingMovesNothing = interruptionGuard("clearing-moves-nothing", "4.6", "Without the constraint the cluster acts at once");
