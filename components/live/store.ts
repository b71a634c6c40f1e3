// SPDX-License-Identifier: Apache-2.0
import { type Age, parseAges } from "@/agent/protocol/console/ages";
import type { FeedFrame, Snapshot } from "@/agent/protocol/console/feed";
import type { Entity, EntityKind, EntityOf } from "@/agent/protocol/console/view";

type KindMap = ReadonlyMap<string, Entity>;

/** One cluster as the browser holds it: entities by kind, so that a change touches only its own kind. */
export interface Slice {
  kinds: ReadonlyMap<EntityKind, KindMap>;
  /** Console clock of the last word, by `node:` and `source:` key; null for never. */
  heardAtMs: ReadonlyMap<string, number | null>;
}

/** Everything pushed, as one immutable value. */
export interface Live {
  number: number;
  /** The console's clock of the newest frame. */
  atMs: number;
  clusters: ReadonlyMap<string, Slice>;
}

/** Picks from every cluster in the order of slugs; the array stays the same while every pick does. */
export function createPicker<T>(pick: (slug: string, slice: Slice) => T): (live: Live) => readonly T[] {
  const known = new WeakMap<object, T>();
  let last: readonly T[] = [];
  return (live) => {
    const next = [...live.clusters].sort(byKey).map(([slug, slice]) => {
      const picked = known.get(slice.kinds) ?? pick(slug, slice);
      known.set(slice.kinds, picked);
      return picked;
    });
    if (next.length !== last.length || next.some((picked, index) => picked !== last[index])) last = next;
    return last;
  };
}

export type Entry<K extends EntityKind> = readonly [key: string, entity: EntityOf<K>];

type Patch = Extract<FeedFrame, { type: "patch" }>;
/** A frame as the store takes it: a patch's parts have been put into their entities (see whole.ts). */
export type WholeFrame =
  | Exclude<FeedFrame, Patch>
  | (Omit<Patch, "changes"> & { changes: Readonly<Record<string, { set: Readonly<Record<string, Entity>>; remove: readonly string[] }>> });

/** What a frame did: a new value, nothing, or a gap in the numbers that only a snapshot mends. */
export type Applied = { live: Live; did: "changed" | "pulsed" | "nothing" | "gap" };

/** The live value of a whole snapshot. */
export function fromSnapshot(snapshot: Snapshot): Live {
  const clusters = new Map<string, Slice>();
  for (const [slug, entities] of Object.entries(snapshot.clusters)) {
    // In order from the start: what is nearly sorted is sorted again in no time, at each change of thousands.
    const inOrder = Object.fromEntries(Object.entries(entities).sort(byKey));
    clusters.set(slug, patched(EMPTY, inOrder, []));
  }
  return { number: snapshot.number, atMs: snapshot.atMs, clusters };
}

/** Folds one frame. Pure: what did not change keeps its reference. */
export function apply(live: Live, frame: WholeFrame): Applied {
  switch (frame.type) {
    case "snapshot":
      return { live: fromSnapshot(frame), did: "changed" };
    case "patch": {
      if (frame.number <= live.number) return { live, did: "nothing" };
      if (frame.number !== live.number + 1) return { live, did: "gap" };
      const clusters = new Map(live.clusters);
      for (const [slug, { set, remove }] of Object.entries(frame.changes)) {
        if (remove.includes("*")) clusters.delete(slug);
        else clusters.set(slug, patched(clusters.get(slug) ?? EMPTY, set, remove));
      }
      return { live: { number: frame.number, atMs: frame.atMs, clusters }, did: "changed" };
    }
    case "pulse": {
      const clusters = new Map(live.clusters);
      for (const [slug, ages] of Object.entries(frame.ages)) {
        const slice = clusters.get(slug);
        if (!slice) continue;
        const heardAtMs = heardFrom(slice, parseAges(ages), frame.atMs);
        // It counts other entities than ours: what it told is not told again, so only a snapshot helps.
        if (heardAtMs === null) return { live, did: "gap" };
        clusters.set(slug, { ...slice, heardAtMs });
      }
      return { live: { ...live, atMs: frame.atMs, clusters }, did: "pulsed" };
    }
    case "hello":
    case "bye":
      return { live, did: "nothing" };
    default:
      return assertNever(frame);
  }
}

/** All entities of one kind, in the order of their keys. The array stays the same while that kind does. */
export function entriesOf<K extends EntityKind>(slice: Slice | undefined, kind: K): readonly Entry<K>[] {
  const map = slice?.kinds.get(kind);
  if (!map) return NONE;
  const known = sorted.get(map);
  const entries = known ?? [...map].sort(byKey);
  if (!known) sorted.set(map, entries);
  // Every entity of a kind's map has that kind: the first answers for all.
  return isOf(entries, kind) ? entries : NONE;
}

/** One entity, or undefined where there is none of that kind under this key. */
export function entityOf<K extends EntityKind>(slice: Slice | undefined, kind: K, key: string): EntityOf<K> | undefined {
  const entity = slice?.kinds.get(kind)?.get(key);
  return entity && isKind(entity, kind) ? entity : undefined;
}

/** The entity under this key, of whatever kind. */
export function wholeEntity(slice: Slice | undefined, key: string): Entity | undefined {
  for (const map of slice?.kinds.values() ?? []) {
    const entity = map.get(key);
    if (entity) return entity;
  }
  return undefined;
}

const NONE: readonly never[] = [];
const EMPTY: Slice = { kinds: new Map(), heardAtMs: new Map() };
const sorted = new WeakMap<KindMap, readonly (readonly [string, Entity])[]>();

function isKind<K extends EntityKind>(entity: Entity, kind: K): entity is EntityOf<K> {
  return entity.kind === kind;
}

function isOf<K extends EntityKind>(entries: readonly (readonly [string, Entity])[], kind: K): entries is readonly Entry<K>[] {
  return entries[0]?.[1].kind === kind;
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1;
}

/** A slice with entities put in and taken out; kinds that were not touched keep their map. */
function patched(slice: Slice, set: Readonly<Record<string, Entity>>, remove: readonly string[]): Slice {
  const kinds = new Map(slice.kinds);
  const heardAtMs = new Map(slice.heardAtMs);
  const touched = new Map<EntityKind, Map<string, Entity>>();
  const touch = (kind: EntityKind) => {
    const open = touched.get(kind) ?? new Map(kinds.get(kind));
    touched.set(kind, open);
    kinds.set(kind, open);
    return open;
  };
  for (const key of remove) {
    for (const [kind, map] of slice.kinds) if (map.has(key)) touch(kind).delete(key);
    heardAtMs.delete(key);
  }
  for (const [key, entity] of Object.entries(set)) {
    touch(entity.kind).set(key, entity);
    if (entity.kind === "node") heardAtMs.set(key, entity.lastWordAtMs);
    if (entity.kind === "source") heardAtMs.set(key, entity.takenAtMs);
  }
  return { kinds, heardAtMs };
}

/** The pulse's ages: first the nodes, then the sources, each in the order of their sorted keys. Null when they are not ours. */
function heardFrom(slice: Slice, ages: readonly Age[], atMs: number): ReadonlyMap<string, number | null> | null {
  const keys = [...entriesOf(slice, "node"), ...entriesOf(slice, "source")].map(([key]) => key);
  if (keys.length !== ages.length) return null;
  return new Map(keys.map((key, index) => [key, heardAt(ages[index] ?? "asTold", atMs, slice.heardAtMs.get(key) ?? null)]));
}

function heardAt(age: Age, atMs: number, toldMs: number | null): number | null {
  if (age === "asTold") return toldMs;
  return age === "never" ? null : atMs - age * 100;
}

function assertNever(value: never): never {
  throw new Error(`No such frame: ${JSON.stringify(value)}`);
}
