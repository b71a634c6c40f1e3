// SPDX-License-Identifier: Apache-2.0
import type { Entity, EntityKind, EntityOf, Level } from "@/agent/protocol/console/view";
import type { Timing } from "@/agent/protocol/timing";
import type { Alerting } from "@/server/cluster/alerting";
import type { Standing } from "./standing";

/** Something a person should know. The same cause keeps the same `id`, so that since-when survives. */
export interface Finding {
  id: string;
  rule: string;
  level: Level;
  title: string;
  /** The title as it stands after "At risk: "; the title itself where that begins with a name. */
  headline?: string;
  why: string;
  todo: string | null;
  /** Keys of entities, the main one first. */
  about: string[];
  /** Where the view itself says since when; else the console's own first look counts. */
  sinceMs?: number;
  /** It joins the words of two readings that are seconds apart: until it has held for a while it is no alarm (see `settling.ts`). */
  joins?: boolean;
}

/** A finding with the time since which it holds, and the id of the one it follows from; null: it stands by itself (see `causes.ts`). */
export type Caused = Finding & { sinceMs: number; cause: string | null };

export type ViewSoFar = ReadonlyMap<string, Entity>;

/** Where a rule stands in docs/findings.md and on the settings page. */
export const AREAS = {
  cluster: "The cluster and its services",
  nodes: "Nodes",
  mirrors: "Mirrors",
  network: "Bonds and switches",
  paths: "Clients' disks",
  storage: "Arrays, pools and file systems",
  verify: "Proof",
  sight: "What the console sees",
} as const;

/** A rule in words: docs/findings.md and the settings page are made from it. */
export interface RuleDoc {
  area: keyof typeof AREAS;
  /** As a line of a list. */
  title: string;
  means: string;
  /** Every level that it can have. */
  levels: readonly Level[];
  fires: string;
  /** What looks like it and must not fire. */
  not: string;
  todo: string;
  /** Numbers of the operators' needs that it answers. */
  needs: readonly number[];
}

export interface Rule {
  name: string;
  doc: RuleDoc;
  /** `told`: what the rules before it found. `findingSince`: the findings that stand, by id. */
  find(
    view: ViewSoFar,
    around: {
      nowMs: number;
      timing: Timing;
      told: readonly Finding[];
      findingSince: ReadonlyMap<string, number>;
      alerting?: Alerting;
    },
  ): Omit<Finding, "rule">[];
  /**
   * What must hold for a finding of it to be over, once it is not found any more and all whose word it was are heard. Missing: nothing
   * else. To be said where the rule looks away while something else is so, or is told instead.
   */
  over?(id: string, view: ViewSoFar): Standing;
}

export function defineRule(rule: Rule): Rule {
  return rule;
}

/** All of a kind's list are of that kind: the first answers for all. */
function isAllOf<K extends EntityKind>(entries: readonly [string, Entity][], kind: K): entries is readonly [string, EntityOf<K>][] {
  return entries[0]?.[1].kind === kind;
}

/** Each view sorted by kind once: two dozen rules look at it. No rule runs before the view is whole. */
const byKind = new WeakMap<ViewSoFar, ReadonlyMap<EntityKind, readonly [string, Entity][]>>();

function sorted(view: ViewSoFar): ReadonlyMap<EntityKind, readonly [string, Entity][]> {
  const known = byKind.get(view);
  if (known) return known;
  const kinds = new Map<EntityKind, [string, Entity][]>();
  for (const entry of view) {
    const list = kinds.get(entry[1].kind);
    if (list) list.push(entry);
    else kinds.set(entry[1].kind, [entry]);
  }
  byKind.set(view, kinds);
  return kinds;
}

/**
 * To be called when entities of a view were put in or replaced: what is asked then is sorted anew. A list kept for as long as its view
 * would also keep everything that was replaced in it.
 */
export function forgetKinds(view: ViewSoFar): void {
  byKind.delete(view);
}

const NONE: readonly never[] = [];

/** Every entity of one kind with its key; the same list each time, for guards ask for it once per node. */
export function every<K extends EntityKind>(view: ViewSoFar, kind: K): readonly [string, EntityOf<K>][] {
  const found = sorted(view).get(kind) ?? NONE;
  return isAllOf(found, kind) ? found : NONE;
}

/** A mirror's name for people. */
export function mirrorName(mirror: EntityOf<"mirror">): string {
  return mirror.volume === 0 ? mirror.resource : `${mirror.resource}/${mirror.volume}`;
}

/** Nodes that the cluster says are gone: the cause of much that is seen elsewhere. */
export function goneNodes(view: ViewSoFar): ReadonlySet<string> {
  return new Set(every(view, "node").flatMap(([, node]) => (node.state.level === "bad" ? [node.name] : [])));
}

/** Nodes whose agent is silent, whatever the cluster says. */
export function silentNodes(view: ViewSoFar): ReadonlySet<string> {
  return new Set(every(view, "node").flatMap(([, node]) => (node.link === "stale" || node.link === "lost" ? [node.name] : [])));
}

/** The cluster as a whole: it stands in the view before any rule runs. */
export function clusterOf(view: ViewSoFar): EntityOf<"cluster"> | null {
  const cluster = view.get("cluster");
  return cluster?.kind === "cluster" ? cluster : null;
}
