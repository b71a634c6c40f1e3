// SPDX-License-Identifier: Apache-2.0
import type { Entity, View } from "@/agent/protocol/console/view";
import type { Timing } from "@/agent/protocol/timing";
import type { ClusterFacts, NewEvent, NodeFacts, StoredEvent } from "@/server/cluster/facts";
import { freshnessSignature } from "@/server/cluster/freshness";
import { project } from "@/server/cluster/project";
import { type Happening, reduce } from "@/server/cluster/reduce";
import { sameButAge } from "@/server/cluster/same";

/** What moved in one cluster's view since it was last told. */
export interface ViewChange {
  slug: string;
  set: ReadonlyMap<string, Entity>;
  remove: readonly string[];
}

/** How many events a view carries; the rest are in the database. */
export const EVENTS_IN_VIEW = 60;

interface Held {
  facts: ClusterFacts;
  view: View;
  events: StoredEvent[];
  findingSince: ReadonlyMap<string, number>;
  signature: string;
  dirty: boolean;
}

export interface FleetDeps {
  timing: Timing;
  now: () => number;
  /** Tells that a cluster's findings changed, so that since-when survives a restart. */
  onFindings: (slug: string, since: ReadonlyMap<string, number>) => void;
}

/**
 * Every cluster's facts and view, in memory. Facts change by `happen`; views follow by `settle`, which is called
 * once per burst and by the clock, and tells listeners only what moved.
 */
export function createFleet(deps: FleetDeps) {
  const held = new Map<string, Held>();
  const listeners = new Set<(change: ViewChange) => void>();

  function hold(facts: ClusterFacts, events: StoredEvent[], findingSince: ReadonlyMap<string, number>): void {
    held.set(facts.slug, { facts, view: new Map(), events, findingSince, signature: "", dirty: true });
  }

  function replace(slug: string, facts: ClusterFacts): void {
    const cluster = held.get(slug);
    if (!cluster) return;
    cluster.facts = facts;
    cluster.dirty = true;
  }

  function settleOne(cluster: Held): void {
    const nowMs = deps.now();
    const signature = freshnessSignature(cluster.facts, nowMs, deps.timing);
    if (!cluster.dirty && signature === cluster.signature) return;
    const before = cluster.view;
    const { facts, events, findingSince } = cluster;
    const after = project(facts, { nowMs, timing: deps.timing, events, findingSince }, before);
    cluster.view = after;
    cluster.signature = signature;
    cluster.dirty = false;
    keepFindings(cluster, deps.onFindings);
    const change = changeBetween(facts.slug, before, after);
    if (change.set.size > 0 || change.remove.length > 0) for (const listener of listeners) listener(change);
  }

  return {
    hold,
    replace,
    has: (slug: string) => held.has(slug),
    slugs: () => [...held.keys()].sort(),
    factsOf: (slug: string) => held.get(slug)?.facts ?? null,
    viewOf: (slug: string): View | null => {
      const cluster = held.get(slug);
      if (cluster) settleOne(cluster);
      return cluster?.view ?? null;
    },
    /** Folds one happening; the events it gives are the caller's to commit, then to hand to `remember`. */
    happen(slug: string, happening: Happening): NewEvent[] {
      const cluster = held.get(slug);
      if (!cluster) return [];
      const { facts, events } = reduce(cluster.facts, happening, deps.now());
      if (facts !== cluster.facts) {
        cluster.facts = facts;
        // A pulse only moves ages, which travel by themselves: the clock finds what it freshened.
        if (happening.type !== "frame" || happening.frame.type !== "pulse") cluster.dirty = true;
      }
      return events;
    },
    /** Puts committed events into the view. */
    remember(slug: string, stored: readonly StoredEvent[]): void {
      const cluster = held.get(slug);
      if (!cluster || stored.length === 0) return;
      cluster.events = [...stored, ...cluster.events].sort((a, b) => b.atMs - a.atMs || b.id - a.id).slice(0, EVENTS_IN_VIEW);
      cluster.dirty = true;
    },
    /** Adds or replaces a node without a happening: enrolment, or a reload from the database. */
    putNode(slug: string, node: NodeFacts): void {
      const cluster = held.get(slug);
      if (!cluster) return;
      replace(slug, { ...cluster.facts, nodes: new Map(cluster.facts.nodes).set(node.node, node) });
    },
    removeNode(slug: string, node: string): void {
      const cluster = held.get(slug);
      if (!cluster) return;
      const nodes = new Map(cluster.facts.nodes);
      nodes.delete(node);
      replace(slug, { ...cluster.facts, nodes });
    },
    /** Brings every view up to its facts and the clock, and tells what moved. */
    settle(): void {
      for (const cluster of held.values()) settleOne(cluster);
    },
    onChange(listener: (change: ViewChange) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
export type Fleet = ReturnType<typeof createFleet>;

function changeBetween(slug: string, before: View, after: View): ViewChange {
  const set = new Map<string, Entity>();
  for (const [key, entity] of after) {
    const old = before.get(key);
    if (old === undefined || (old !== entity && !sameButAge(old, entity))) set.set(key, entity);
  }
  const remove = [...before.keys()].filter((key) => !after.has(key));
  return { slug, set, remove };
}

/** Findings that appeared or went change the list of since-when; the rest of the view does not. */
function keepFindings(cluster: Held, onFindings: FleetDeps["onFindings"]): void {
  const since = new Map<string, number>();
  for (const [key, entity] of cluster.view) if (entity.kind === "finding") since.set(key.slice("finding:".length), entity.sinceMs);
  const isSame = since.size === cluster.findingSince.size && [...since].every(([id, atMs]) => cluster.findingSince.get(id) === atMs);
  if (isSame) return;
  cluster.findingSince = since;
  onFindings(cluster.facts.slug, since);
}
