// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import type { Pacemaker } from "@/agent/protocol/model/pacemaker";
import { memo } from "@/server/cluster/memo";
import { roleIs } from "@/server/cluster/service-roles";
import { plainId, serviceEntities } from "@/server/cluster/services";
import { nodeWords } from "@/server/cluster/testimony";

/** A service as people count it: a group, a clone, or a primitive of its own. Fencing devices are none. */
export interface ServiceNow {
  id: string;
  /** Its own id and those of all its parts. */
  ids: readonly string[];
  isPromotable: boolean;
  /** In order somewhere; null: nobody can say. */
  isUp: boolean | null;
  /** Where it is in order: of a promotable clone where it is promoted. */
  nodes: readonly string[];
  /** Everything of it is stopped by order (target-role). */
  isOrderedOff: boolean;
  /** What is said of it: "starting", "was on ruby", and whether that is a fault or a step on its way. */
  word: string;
  isFault: boolean;
}

type Resource = EntityOf<"resource">;
const CURRENT = { freshness: "live", status: "ok", isCurrent: true, why: null } as const;
const NOBODY: ReadonlySet<string> = new Set();

const remembered = memo<readonly ServiceNow[]>();

/**
 * Every service as one testimony tells it. `silent`: nodes whose agent is not heard, of which the cluster's word alone proves nothing.
 * The same word gives the same answer, which is asked for with each frame and every second.
 */
export function servicesNow(node: string, value: Pacemaker, silent: ReadonlySet<string> = NOBODY): readonly ServiceNow[] {
  return remembered(value, [node, [...silent].join(" ")], () => read(node, value, silent));
}

function read(node: string, value: Pacemaker, silent: ReadonlySet<string>): readonly ServiceNow[] {
  const entities = new Map<string, Resource>();
  for (const [, entity] of serviceEntities({ shown: { node, value, standing: CURRENT }, dissent: [] }, silent))
    entities.set(entity.id, entity);
  const instances = new Map<string, Pacemaker["resources"]>();
  for (const one of value.resources) {
    const id = plainId(one.id);
    const known = instances.get(id);
    if (known) known.push(one);
    else instances.set(id, [one]);
  }
  const words = nodeWords(value);
  const services: ServiceNow[] = [];
  for (const entity of entities.values()) {
    if (entity.parents.length > 0) continue;
    const parts = partsOf(entity, entities, new Set());
    const leaves = parts.filter(({ type }) => type === "primitive");
    if (leaves.length === 0 || leaves.every(({ agent }) => agent?.startsWith("stonith:"))) continue;
    const own = leaves.flatMap(({ id }) => instances.get(id) ?? []);
    const isUnwatched =
      value.maintenance || (entity.places.length > 0 && entity.places.every((at) => words.get(at.node) === "maintenance"));
    services.push({
      id: entity.id,
      ids: parts.map(({ id }) => id),
      isPromotable: entity.type === "promotable",
      isUp: value.quorate !== true || isUnwatched ? null : isUp(entity),
      nodes: [...new Set(goodPlaces(entity).map((place) => place.node))],
      isOrderedOff: own.every(({ targetRole }) => targetRole?.toLowerCase() === "stopped"),
      word: value.quorate !== true ? "no quorum" : isUnwatched ? "in maintenance nobody looks at it" : entity.said.word,
      isFault: entity.said.level === "bad",
    });
  }
  return services;
}

function partsOf(entity: Resource, entities: ReadonlyMap<string, Resource>, seen: Set<string>): Resource[] {
  if (seen.has(entity.id)) return [];
  seen.add(entity.id);
  return [entity, ...entity.children.flatMap((id) => partsIn(id, entities, seen))];
}

function partsIn(id: string, entities: ReadonlyMap<string, Resource>, seen: Set<string>): Resource[] {
  const child = entities.get(id);
  return child ? partsOf(child, entities, seen) : [];
}

function goodPlaces({ type, places }: Resource): Resource["places"] {
  const isRole = type === "promotable" ? (role: string) => roleIs(role) === "promoted" : () => true;
  return places.filter(({ role, said }) => isRole(role) && (said.level === "ok" || said.level === "held"));
}

/** A clone is up with one good instance, a group as a whole. What is only remembered of a node that is gone runs nowhere. */
function isUp(entity: Resource): boolean | null {
  const { type, places, said } = entity;
  const isOld = places.some((place) => place.said.level === "old");
  if (type === "clone" || type === "bundle" || type === "promotable") return goodPlaces(entity).length > 0 ? true : isOld ? null : false;
  if (said.level === "ok" || said.level === "held") return places.length > 0;
  if (said.level === "old") return null;
  if (said.word === "orphaned") return true;
  const isRemembered = places.some((place) => place.said.word.startsWith("was on "));
  return said.level === "unknown" && !isRemembered ? null : false;
}
