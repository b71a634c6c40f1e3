// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/keys";
import type { EntityKind, EntityOf } from "@/agent/protocol/console/view";
import { type Entry, entityOf, entriesOf, type Slice } from "@/components/live/store";

/** Sources of a cluster by their key. */
export type Sources = ReadonlyMap<string, EntityOf<"source">>;

/** Everything one cluster's stack is drawn from. */
export interface Picture {
  slug: string;
  cluster: EntityOf<"cluster"> | undefined;
  sources: Sources;
  /** All entities of a kind, in the order of their keys; the same array while nothing of its kind changes. */
  of: <K extends EntityKind>(kind: K) => readonly Entry<K>[];
}

const sourceMaps = new WeakMap<object, Sources>();

/** The picture of one cluster from what the browser holds. */
export function selectPicture(slug: string, slice: Slice | undefined): Picture {
  const entries = entriesOf(slice, "source");
  const sources: Sources = sourceMaps.get(entries) ?? new Map(entries);
  sourceMaps.set(entries, sources);
  return { slug, cluster: entityOf(slice, "cluster", "cluster"), sources, of: (kind) => entriesOf(slice, kind) };
}

/** What is known of a mirror's verifies; undefined where no record is kept. */
export function verifyOf(picture: Picture, { resource, volume }: { resource: string; volume: number }): EntityOf<"verify"> | undefined {
  const key = keyOf.verify(resource, volume);
  return picture.of("verify").find(([its]) => its === key)?.[1];
}

/** Those that were read on one node. */
export function readAt<E extends { from: { node: string } }>(
  entries: readonly (readonly [key: string, entity: E])[],
  node: string,
): readonly (readonly [key: string, entity: E])[] {
  return entries.filter(([, { from }]) => from.node === node);
}

/** Nodes that vote and carry, in the order of their names. */
export function membersOf(nodes: readonly Entry<"node">[]): readonly EntityOf<"node">[] {
  return nodes.map(([, node]) => node).filter(({ role }) => role === "member");
}

/** Nodes that only use the storage. */
export function clientsOf(nodes: readonly Entry<"node">[]): readonly EntityOf<"node">[] {
  return nodes.map(([, node]) => node).filter(({ role }) => role === "client");
}
