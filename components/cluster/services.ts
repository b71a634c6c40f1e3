// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import type { Picture } from "./picture";

type Resource = EntityOf<"resource">;

/** A service as a row: one that is inside no other, what it is made of, and what of it failed. */
export interface ServiceRow {
  service: Resource;
  /** "IPaddr2, Filesystem": the kinds of its members. */
  madeOf: string;
  /** Members that are not as the service itself is, worst told by themselves. */
  odd: readonly Resource[];
  failures: Resource["failures"];
}

const known = new WeakMap<object, readonly ServiceRow[]>();

/** Services with their members folded in, in the order of their names. The same resources give the same rows. */
export function serviceRows(resources: Picture["resources"]): readonly ServiceRow[] {
  const rows = known.get(resources) ?? fold(resources);
  known.set(resources, rows);
  return rows;
}

interface Made {
  members: readonly Resource[];
  row: ServiceRow;
}
const made = new WeakMap<Resource, Made>();

function fold(resources: Picture["resources"]): readonly ServiceRow[] {
  const byId = new Map(resources.map(([, resource]) => [resource.id, resource]));
  return resources
    .map(([, resource]) => resource)
    .filter(({ parents }) => parents.every((parent) => !byId.has(parent)))
    .map((service) => {
      const members = leavesOf(service, byId, new Set());
      const before = made.get(service);
      // A row whose service and members are the same is the same: its cell is not drawn again.
      if (before && before.members.length === members.length && before.members.every((member, index) => member === members[index]))
        return before.row;
      const row = rowOf(service, members);
      made.set(service, { members, row });
      return row;
    });
}

function rowOf(service: Resource, members: readonly Resource[]): ServiceRow {
  const kinds = members.flatMap(({ agent, id }) => agent?.split(":").at(-1) ?? (id === service.id ? [] : [id]));
  return {
    service,
    madeOf: [...new Set(kinds)].join(", "),
    odd: members.filter((member) => member !== service && member.said.level !== "ok" && member.said.word !== service.said.word),
    failures: [...new Set([service, ...members])].flatMap(({ failures }) => failures),
  };
}

/** The rows that have a place on a node. */
export function servicesOn(rows: readonly ServiceRow[], node: string): readonly ServiceRow[] {
  return rows.filter(({ service }) => service.places.some((place) => place.node === node));
}

/** The rows that have a place nowhere: they are shown between the nodes. */
export function servicesNowhere(rows: readonly ServiceRow[]): readonly ServiceRow[] {
  return rows.filter(({ service }) => service.places.length === 0);
}

function leavesOf(resource: Resource, byId: ReadonlyMap<string, Resource>, seen: Set<string>): readonly Resource[] {
  seen.add(resource.id);
  const children = resource.children.flatMap((id) => {
    const child = byId.get(id);
    return child && !seen.has(id) ? [child] : [];
  });
  return children.length === 0 ? [resource] : children.flatMap((child) => leavesOf(child, byId, seen));
}
