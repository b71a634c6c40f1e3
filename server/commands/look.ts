// SPDX-License-Identifier: Apache-2.0
import type { GuardLevel } from "@/agent/protocol/console/runs";
import { type EntityOf, keyOf, type View } from "@/agent/protocol/console/view";
import { BY_HAND } from "@/server/cluster/nodes";
import { plainId } from "@/server/cluster/services";
import { clusterOf, every } from "@/server/findings/define";
import type { Command, GuardContext, Touched } from "./define";

// What guards look up in a view. Kept per view where it would be counted again for every node.

export type Node = EntityOf<"node">;
export type Resource = EntityOf<"resource">;
export type Mirror = EntityOf<"mirror">;

/** The verb of a standing verdict. Its sentences hold no ages and no progress: they change only with the answer. */
export const STANDING = "node.safety";

/** How a sentence begins that tells of ignorance, not of a hazard. */
export const CANNOT_TELL = "I can't tell whether this is safe: ";

export function isStanding({ verb }: GuardContext): boolean {
  return verb === STANDING;
}

/** Nobody carries a fenced node's services to an end, and its own word is not needed. */
export function isFence({ verb }: GuardContext): boolean {
  return verb === "node.fence";
}

/** What is so whenever a healthy node is taken down: a person who does it accepts it, a standing "yes" only tells it. */
export function usual(context: GuardContext): GuardLevel {
  return isStanding(context) ? "inform" : "warn";
}

/** Whether the cluster's word in this view is of now: what is older is shown, and never taken for how it is. */
export function isCurrent(view: View): boolean {
  const cluster = clusterOf(view);
  const source = cluster?.pacemaker ? view.get(keyOf.source(cluster.pacemaker.from.node, "pacemaker")) : undefined;
  return source?.kind === "source" && source.freshness === "live" && source.status === "ok";
}

/** Whether the view's word on what a command is about is of now. */
export function isToldNow(view: View, command: Command, args: unknown): boolean {
  return command.isTold ? command.isTold(view, args) : isCurrent(view);
}

const memberLists = new WeakMap<View, readonly Node[]>();

/** The storage nodes: all that could run the cluster's services. Listed once for a view: each guard asks for each node. */
export function members(view: View): readonly Node[] {
  const known = memberLists.get(view);
  if (known) return known;
  const list = every(view, "node").flatMap(([, node]) => (node.role === "member" ? [node] : []));
  memberLists.set(view, list);
  return list;
}

export function nodeOf(view: View, name: string | null): Node | null {
  const node = name === null ? undefined : view.get(keyOf.node(name));
  return node?.kind === "node" ? node : null;
}

export function resourceOf(view: View, id: string | undefined): Resource | null {
  const resource = id === undefined ? undefined : view.get(keyOf.resource(id));
  return resource?.kind === "resource" ? resource : null;
}

/** The cluster knows that it runs nothing: it is off, or its Pacemaker has not joined. Of its services nothing is asked then. */
export function isOut({ state }: Node): boolean {
  return (state.level === "bad" && state.word === "offline") || state.word === "pending";
}

/** It takes services now, by the word of a side that may be believed. */
export function isUsable({ state, isInMaintenance }: Node): boolean {
  // That the whole cluster is held by hand is told of the cluster, not of each node.
  const isThereNow = (state.level === "ok" && state.word === "online") || state.word === BY_HAND;
  return isThereNow && isInMaintenance !== true;
}

/** The members that could take over when `from` goes. */
export function usableOthers(view: View, from: string | null): Node[] {
  return members(view).filter((node) => node.name !== from && isUsable(node));
}

/** Where services would go: the one that is named, or all that could take them. */
export function takers({ view, touched }: GuardContext): Node[] {
  const to = nodeOf(view, touched.to);
  if (to) return [to];
  return touched.isWholeNode ? usableOthers(view, touched.from) : [];
}

/** True where the instance really is there: neither only remembered nor stopped. */
export function isThere({ said, role }: Resource["places"][number]): boolean {
  return !said.word.startsWith("was on") && said.level !== "absent" && role !== "Stopped";
}

const placed = new WeakMap<View, ReadonlyMap<string, readonly Resource[]>>();

/** Everything that is on a node: services of their own, groups, clones and what they are made of. */
export function resourcesOn(view: View, node: string): readonly Resource[] {
  const known = placed.get(view);
  if (known) return known.get(node) ?? [];
  const byNode = new Map<string, Resource[]>();
  for (const [, resource] of every(view, "resource")) {
    for (const name of new Set(resource.places.filter(isThere).map((place) => place.node))) {
      const list = byNode.get(name);
      if (list) list.push(resource);
      else byNode.set(name, [resource]);
    }
  }
  placed.set(view, byNode);
  return byNode.get(node) ?? [];
}

/** What has a place of its own: a clone or fencing device is not missed where it stops. */
export function isService({ parents, type, agent }: Resource): boolean {
  return parents.length === 0 && !agent?.startsWith("stonith:") && type !== "clone" && type !== "promotable";
}

/** Kept per question: a dozen guards ask for the same. */
function perTouched<R>(look: (context: Pick<GuardContext, "view" | "touched">) => R) {
  const known = new WeakMap<Touched, { view: View; result: R }>();
  return (context: Pick<GuardContext, "view" | "touched">): R => {
    const last = known.get(context.touched);
    if (last?.view === context.view) return last.result;
    const result = look(context);
    known.set(context.touched, { view: context.view, result });
    return result;
  };
}

/** The touched resources with everything inside them, each once. */
export const touchedResources = perTouched(({ view, touched }): readonly Resource[] => {
  const found = new Map<string, Resource>();
  const add = (id: string) => {
    const resource = resourceOf(view, plainId(id));
    if (!resource || found.has(resource.id)) return;
    found.set(resource.id, resource);
    for (const child of resource.children) add(child);
  };
  for (const id of touched.resources) add(id);
  if (touched.isWholeNode && touched.from !== null) for (const { id } of resourcesOn(view, touched.from)) add(id);
  return [...found.values()];
});

const copiesByNode = new WeakMap<View, ReadonlyMap<string, readonly [string, Mirror][]>>();

/** The mirrors with a copy on a node, under their keys. */
export function mirrorsOn(view: View, node: string): readonly [string, Mirror][] {
  const known = copiesByNode.get(view);
  if (known) return known.get(node) ?? [];
  const byNode = new Map<string, [string, Mirror][]>();
  for (const entry of every(view, "mirror")) {
    for (const name of new Set(entry[1].copies.map((copy) => copy.node))) {
      const list = byNode.get(name);
      if (list) list.push(entry);
      else byNode.set(name, [entry]);
    }
  }
  copiesByNode.set(view, byNode);
  return byNode.get(node) ?? [];
}

/** The mirrors a command is about; all that have a copy on a node that goes as a whole. */
export const touchedMirrors = perTouched(({ view, touched }): readonly [string, Mirror][] => {
  const found = new Map<string, Mirror>();
  for (const key of touched.mirrors) {
    const mirror = view.get(key);
    if (mirror?.kind === "mirror") found.set(key, mirror);
  }
  if (touched.isWholeNode && touched.from !== null) for (const [key, mirror] of mirrorsOn(view, touched.from)) found.set(key, mirror);
  return [...found];
});

export function isDrbd({ agent }: Resource): boolean {
  return agent?.endsWith(":drbd") === true;
}

/** The agent's parameters are not read: the id mostly has the resource's name in it, "drbd_store", "ms-store". The longest counts. */
export function mirrorsNamedBy(view: View, { id, parents }: Resource): readonly [string, Mirror][] {
  const fits = every(view, "mirror").filter(([, { resource }]) => [id, ...parents].some((name) => name.includes(resource)));
  const longest = Math.max(0, ...fits.map(([, { resource }]) => resource.length));
  return fits.filter(([, { resource }]) => resource.length === longest);
}

/** The mirrors that change hands: those of a node that goes, or those whose DRBD is itself among what is touched. */
export function movedMirrors(context: Pick<GuardContext, "view" | "touched">): readonly [string, Mirror][] {
  if (context.touched.isWholeNode) return touchedMirrors(context);
  const named = touchedResources(context)
    .filter(isDrbd)
    .map((resource) => mirrorsNamedBy(context.view, resource));
  return named.some((mirrors) => mirrors.length === 0) ? touchedMirrors(context) : named.flat();
}

/** What goes when a node leaves. */
export function leaving(view: View, node: string): Touched {
  const resources = resourcesOn(view, node).flatMap(({ id, parents }) => (parents.length === 0 ? [id] : []));
  return { from: node, to: null, isWholeNode: true, resources, mirrors: mirrorsOn(view, node).map(([key]) => key) };
}

const firstUpper = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** Our own words as the head of a sentence. */
export function asHead(words: string): string {
  return firstUpper(words);
}
