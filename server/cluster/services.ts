// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf, type Said } from "@/agent/protocol/console/view";
import type { Pacemaker, PacemakerCollection, PacemakerFailure, PacemakerResource } from "@/agent/protocol/model/pacemaker";
import { memo } from "./memo";
import { aged, said, worst } from "./said";
import { judgePrimitive, type Place, placesOf, roleIs } from "./service-roles";
import type { Hearing, Testimony } from "./testimony";
import { counted, joinWords } from "./words";

type Resource = EntityOf<"resource">;
type Keyed = [string, Resource][];
const remembered = memo<Keyed>();

/** Every service as the shown testimony tells it, with the opinions of sides that see the cluster otherwise. `silent`: see `placesOf`. */
export function serviceEntities({ shown, dissent }: Hearing, silent: ReadonlySet<string> = new Set()): Keyed {
  if (!shown) return [];
  const others = dissent.flatMap(({ node, value }) => [node, value]);
  const inputs = [shown.node, shown.standing.isCurrent, shown.standing.why, [...silent].join(" "), ...others];
  return remembered(shown.value, inputs, () => build(shown, dissent, silent));
}

function build(shown: Testimony, dissent: readonly Testimony[], silent: ReadonlySet<string>): Keyed {
  const { value } = shown;
  const instances = instancesOf(value);
  const failures = new Map<string, PacemakerFailure[]>();
  for (const failure of value.failures) {
    const id = plainId(failure.resource);
    failures.set(id, [...(failures.get(id) ?? []), failure]);
  }
  const others = dissent.map((other) => ({ node: other.node, runs: whereItRuns(other.value) }));
  const runs = others.length > 0 ? whereItRuns(value) : null;
  const opinionsOf = (id: string) =>
    others.flatMap(({ node, runs: theirs }) => {
      const says = theirs.get(id) ?? "not there";
      return says === runs?.get(id) ? [] : [{ node, says }];
    });
  const collections = new Map(value.collections.map((collection) => [collection.id, collection]));
  const timings = timingsOf(value);
  const parameters = new Map((value.parameters ?? []).map(({ resource, values }) => [plainId(resource), values]));
  const primitives = new Map<string, Resource>();
  for (const [id, list] of instances) {
    const [first] = list;
    if (!first) continue;
    const places = placesOf(list, value, silent);
    const own = failures.get(id) ?? [];
    const isCloned = first.parents.some((parent) => isClone(collections.get(parent)));
    primitives.set(id, {
      kind: "resource",
      from: { node: shown.node, source: "pacemaker" },
      id,
      type: "primitive",
      parents: first.parents,
      children: [],
      agent: first.agent,
      places: agedPlaces(places, shown),
      said: trusted(judgePrimitive(list, places, own, isCloned, value), shown),
      opinions: opinionsOf(id),
      failures: own,
      isManaged: !value.maintenance && list.every(({ managed }) => managed),
      ...pendingOf(list),
      ...(timings ? { timings: timings.get(id) ?? [] } : {}),
      ...parametersOf(parameters.get(id)),
      ...watchOf(value, id),
    });
  }
  const children = childrenOf(value, primitives);
  const keyed: Keyed = [...primitives].map(([id, resource]) => [keyOf.resource(id), resource]);
  for (const collection of value.collections) {
    if (primitives.has(collection.id)) continue;
    keyed.push([
      keyOf.resource(collection.id),
      collectionEntity(collection, { shown, silent }, { instances, primitives, children }, opinionsOf(collection.id)),
    ]);
  }
  return keyed;
}

function parametersOf(parameters: Readonly<Record<string, string>> | undefined): Pick<Resource, "parameters"> {
  return parameters ? { parameters } : {};
}

function watchOf({ fenceSetup }: Pacemaker, id: string): Pick<Resource, "isWatched"> {
  const device = fenceSetup?.devices.find(({ resource }) => resource === id);
  return device ? { isWatched: device.monitorEveryMs !== null } : {};
}

/** "pingd:1" is an instance of "pingd". */
export function plainId(id: string): string {
  return id.replace(/:\d+$/, "");
}

function instancesOf(value: Pacemaker): Map<string, PacemakerResource[]> {
  const instances = new Map<string, PacemakerResource[]>();
  for (const resource of value.resources) {
    const id = plainId(resource.id);
    const list = instances.get(id);
    if (list) list.push(resource);
    else instances.set(id, [resource]);
  }
  return instances;
}

/** The operation under way, as printed; of a clone's instances the first that has one. */
function pendingOf(instances: readonly PacemakerResource[]): Pick<Resource, "pending"> {
  const pending = instances.find((instance) => instance.pending !== null)?.pending;
  return pending ? { pending } : {};
}

/** How long the last good start, stop, promote and demote of each service took, and what they may take; null: not read. */
function timingsOf({ operations, timeouts }: Pacemaker): Map<string, NonNullable<Resource["timings"]>> | null {
  if (!operations) return null;
  const limits = new Map((timeouts ?? []).map(({ resource, task, timeoutMs }) => [`${plainId(resource)} ${task}`, timeoutMs]));
  const timings = new Map<string, NonNullable<Resource["timings"]>>();
  for (const { resource, node, task, tookMs, isOk } of operations) {
    if (!isOk) continue;
    const id = plainId(resource);
    const own = { node, task, tookMs, timeoutMs: limits.get(`${id} ${task}`) ?? null };
    const list = timings.get(id);
    if (list) list.push(own);
    else timings.set(id, [own]);
  }
  return timings;
}

function isClone(collection: PacemakerCollection | undefined): boolean {
  return collection !== undefined && collection.kind !== "group";
}

function childrenOf(value: Pacemaker, primitives: ReadonlyMap<string, Resource>): Map<string, string[]> {
  const children = new Map<string, string[]>();
  const add = (parent: string | undefined, child: string) => {
    if (parent === undefined) return;
    const list = children.get(parent) ?? [];
    if (!list.includes(child)) children.set(parent, [...list, child]);
  };
  for (const collection of value.collections) add(collection.parents.at(-1), collection.id);
  for (const [id, resource] of primitives) add(resource.parents.at(-1), id);
  return children;
}

/** Where each service runs by one testimony, as words: what two sides are compared by. */
const runsOf = new WeakMap<Pacemaker, ReadonlyMap<string, string>>();
function whereItRuns(value: Pacemaker): ReadonlyMap<string, string> {
  const known = runsOf.get(value);
  if (known) return known;
  const words = new Map<string, string>();
  for (const [id, list] of instancesOf(value)) {
    const parts = placesOf(list, value).map((place) => (place.isGone ? place.said.word : `${place.role} on ${place.node}`));
    words.set(id, parts.length === 0 ? "stopped" : joinWords(parts));
  }
  runsOf.set(value, words);
  return words;
}

/**
 * Without quorum, or no word of one, nothing that is said to run is taken as running, and old words are said as old.
 * In maintenance the cluster does not look at its services: what it says of them is what it last saw.
 */
function trusted(own: Said, shown: Testimony): Said {
  if (!shown.standing.isCurrent) return aged(own, shown.standing);
  if (shown.value.quorate !== true && (own.level === "ok" || own.level === "busy" || own.level === "held")) {
    const why = shown.value.quorate === null ? "whether there is a quorum is not known" : "its side has no quorum";
    return said("unknown", own.word, `Only ${shown.node} says so, and ${why}.`);
  }
  return shown.value.maintenance && own.level === "ok" ? { ...own, level: "held" } : own;
}

function agedPlaces(places: readonly Place[], shown: Testimony): Resource["places"] {
  return places.map(({ node, role, said: own }) => ({ node, role, said: trusted(own, shown) }));
}

/** What collections are made of, by id. */
interface Parts {
  instances: ReadonlyMap<string, PacemakerResource[]>;
  primitives: ReadonlyMap<string, Resource>;
  children: ReadonlyMap<string, string[]>;
}

function collectionEntity(
  collection: PacemakerCollection,
  { shown, silent }: { shown: Testimony; silent: ReadonlySet<string> },
  { instances, primitives, children }: Parts,
  opinions: Resource["opinions"],
): Resource {
  const leaves = leavesOf(collection.id, children, primitives, new Set());
  const places = leaves.flatMap((id) => placesOf(instances.get(id) ?? [], shown.value, silent));
  const own = collection.kind === "group" ? judgeGroup(leaves, primitives) : judgeClone(collection, leaves, places, primitives);
  const isTrusted = own.level === "old" || !shown.standing.isCurrent;
  return {
    kind: "resource",
    from: { node: shown.node, source: "pacemaker" },
    id: collection.id,
    type: collection.kind,
    parents: collection.parents,
    children: children.get(collection.id) ?? [],
    agent: null,
    places: agedPlaces(summarised(collection, leaves, places), shown),
    said: isTrusted ? aged(own, shown.standing, own.level === "old" ? own.word : undefined) : trusted(own, shown),
    opinions,
    failures: [],
    // What is inside may be held still by itself; then the whole can be moved no more.
    isManaged: !shown.value.maintenance && collection.managed && leaves.every((id) => primitives.get(id)?.isManaged !== false),
  };
}

function leavesOf(
  id: string,
  children: ReadonlyMap<string, string[]>,
  primitives: ReadonlyMap<string, Resource>,
  seen: Set<string>,
): string[] {
  if (seen.has(id)) return [];
  seen.add(id);
  return (children.get(id) ?? []).flatMap((child) => (primitives.has(child) ? [child] : leavesOf(child, children, primitives, seen)));
}

/** One place per node: the leading role of what runs there. */
function summarised(collection: PacemakerCollection, leaves: readonly string[], places: readonly Place[]): Place[] {
  const byNode = new Map<string, Place[]>();
  for (const place of places) byNode.set(place.node, [...(byNode.get(place.node) ?? []), place]);
  return [...byNode].map(([node, list]) => {
    const lead = list.find(({ role }) => roleIs(role) === "promoted") ?? list[0];
    const own = worst(
      list.map((place) => place.said),
      said("unknown", "not said"),
    );
    const count =
      collection.kind === "group" && list.length < leaves.length ? said("risk", `${list.length} of ${leaves.length} started`) : own;
    return { node, role: lead?.role ?? "Unknown", isGone: list.every(({ isGone }) => isGone), said: own.level === "ok" ? count : own };
  });
}

function judgeGroup(leaves: readonly string[], primitives: ReadonlyMap<string, Resource>): Said {
  const members = leaves.flatMap((id) => primitives.get(id) ?? []);
  if (members.length === 0) return said("unknown", "empty", "No member of this group was read.");
  const bad = worst(
    members.map((member) => member.said),
    said("unknown", "not said"),
  );
  if (bad.level === "ok") return said("ok", "started");
  const same = members.filter((member) => member.said.word === bad.word);
  if (same.length === members.length) return bad;
  const running = members.filter((member) => member.said.level === "ok").length;
  const why = `${joinWords(same.slice(0, 3).map(({ id }) => id))}: ${bad.word}.`;
  return said(bad.level, running > 0 ? `${running} of ${members.length} started` : bad.word, bad.why ? `${why} ${bad.why}` : why);
}

function judgeClone(
  collection: PacemakerCollection,
  leaves: readonly string[],
  places: readonly Place[],
  primitives: ReadonlyMap<string, Resource>,
): Said {
  const bad = worst(
    leaves.flatMap((id) => primitives.get(id)?.said ?? []),
    said("unknown", "not said", "No instance of it was read."),
  );
  const isOnlyHeld = bad.level === "held" && bad.word === "started";
  if (bad.level !== "ok" && !isOnlyHeld) return bad;
  const promoted = [...new Set(places.filter(({ role, isGone }) => !isGone && roleIs(role) === "promoted").map(({ node }) => node))];
  const nodes = [...new Set(places.filter(({ isGone }) => !isGone).map(({ node }) => node))];
  if (collection.kind === "promotable") {
    if (promoted.length > 0) return said("ok", `Promoted on ${joinWords(promoted)}`);
    return said("risk", "promoted nowhere", `It is started on ${joinWords(nodes)}, but nowhere promoted.`);
  }
  return said("ok", `started on ${counted(nodes.length, "node")}`);
}
