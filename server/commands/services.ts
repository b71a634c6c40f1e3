// SPDX-License-Identifier: Apache-2.0
import type { EntityOf, View } from "@/agent/protocol/console/view";
import { LeftConstraint, type StepPreview } from "@/agent/protocol/steps";
import { roleIs } from "@/server/cluster/service-roles";
import { plainId } from "@/server/cluster/services";
import { byName } from "@/server/cluster/words";
import { every } from "@/server/findings/define";
import { members, type Node, type Resource, resourceOf } from "./look";

/** What is moved when somebody means this resource: the group or clone that it is a part of. */
export function topOf(view: View, id: string): Resource | null {
  const resource = resourceOf(view, id);
  const outermost = resource?.parents[0];
  return outermost === undefined ? resource : (resourceOf(view, outermost) ?? resource);
}

/** Every primitive of a resource: itself, or all that a group or clone holds. */
export function primitivesOf(view: View, resource: Resource): Resource[] {
  if (resource.type === "primitive") return [resource];
  return resource.children.flatMap((id) => {
    const child = resourceOf(view, id);
    return child ? primitivesOf(view, child) : [];
  });
}

/** Whether Pacemaker says now that the whole of a resource is on a node; of a promotable clone, that it is promoted there. */
export function runsOn(view: View, id: string, node: string): boolean {
  const resource = resourceOf(view, id);
  const primitives = resource ? primitivesOf(view, resource) : [];
  return (
    primitives.length > 0 &&
    primitives.every((primitive) => primitive.pending === undefined && isOn(primitive, node, resource?.type === "promotable"))
  );
}

function isOn({ places }: Resource, node: string, asPromoted: boolean): boolean {
  return places.some(
    (place) =>
      place.node === node &&
      (!asPromoted || roleIs(place.role) === "promoted") &&
      RUNNING.has(roleIs(place.role)) &&
      // One that failed is said to be started until it is stopped.
      place.said.level !== "bad" &&
      !UNSURE.has(place.said.level),
  );
}
/** What is only remembered of a node that is gone or silent, or said by a side without quorum: nobody runs there for certain. */
const UNSURE: ReadonlySet<string> = new Set(["old", "unknown", "bad", "absent"]);
const RUNNING: ReadonlySet<string> = new Set(["started", "promoted", "unpromoted"]);

/** Where a resource runs now, or where a promotable clone is promoted; null when nowhere, or in more than one place. */
export function homeOf(view: View, id: string): string | null {
  const nodes = members(view).filter(({ name }) => runsOn(view, id, name));
  return nodes.length === 1 ? (nodes[0]?.name ?? null) : null;
}

/** Mirrors whose Primary is on a node: what runs on them has to follow. */
export function primariesOn(view: View, node: string): string[] {
  return every(view, "mirror").flatMap(([key, { copies }]) =>
    copies.some((copy) => copy.node === node && copy.role === "Primary") ? [key] : [],
  );
}

/** The outermost resources that a simulation stops, starts, moves or changes; the one that was asked for comes first, moved or not. */
export function movedBy(view: View, preview: readonly StepPreview[] | null, asked: string | null = null): string[] {
  const ids = (preview ?? []).flatMap(({ actions }) => actions.flatMap(({ resource }) => (resource === null ? [] : [plainId(resource)])));
  const moved = [...new Set(ids.map((id) => topOf(view, id)?.id ?? id))].sort(byName);
  return asked === null ? moved : [asked, ...moved.filter((id) => id !== asked)];
}

/** Constraints that tools left on a resource, those an agent would remove. */
export function leftOn(view: View, resource: string): EntityOf<"constraint">["constraint"][] {
  return every(view, "constraint").flatMap(([, { constraint }]) =>
    constraint.resource === resource && LeftConstraint.safeParse(constraint.id).success ? [constraint] : [],
  );
}

/** A choice of nodes for a dialog's field. */
export function nodeChoices(nodes: readonly Node[]) {
  return nodes.map(({ name, state }) => ({ value: name, label: state.level === "ok" ? name : `${name} (${state.word})`, refusal: null }));
}
