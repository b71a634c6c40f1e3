// SPDX-License-Identifier: Apache-2.0
import { type Entity, type EntityKind, type EntityOf, keyOf, type View } from "@/agent/protocol/console/view";
import type { SourceName } from "@/agent/protocol/sources";
import type { ClusterFacts, NodeFacts } from "@/server/cluster/facts";

/** A metric as it is announced. `labels` in the order of the documentation. */
export interface Family {
  name: string;
  type: "gauge" | "counter";
  help: string;
  labels: readonly string[];
}

export interface Sample {
  family: Family;
  labels: Readonly<Record<string, string>>;
  value: number;
}

/** A family whose samples are made with exactly its labels. What is not known gives none: never 0, never the last value. */
export interface MetricOf<L extends string> extends Family {
  of(labels: Readonly<Record<L, string>>, value: number | boolean | null | undefined): readonly Sample[];
}

function metric<L extends string>(family: Family): MetricOf<L> {
  return {
    ...family,
    of: (labels, value) => {
      if (value === null || value === undefined || Number.isNaN(value)) return [];
      return [{ family, labels, value: Number(value) }];
    },
  };
}

export function gauge<const L extends string>(name: string, help: string, labels: readonly L[]): MetricOf<L> {
  return metric({ name, type: "gauge", help, labels });
}

export function counter<const L extends string>(name: string, help: string, labels: readonly L[]): MetricOf<L> {
  return metric({ name, type: "counter", help, labels });
}

/** A cluster at the moment of a scrape: its testimony, and the view that says how far it may be believed. */
export interface ClusterNow {
  facts: ClusterFacts;
  view: View;
}

/** The samples of one subsystem. `nowMs` is epoch ms. */
export interface Metrics {
  /** What they stand on, a heading of the documentation. */
  title: string;
  families: readonly Family[];
  samplesOf(cluster: ClusterNow, nowMs: number): Iterable<Sample>;
}

/** Whether a source was read in time and well: only then is anything of it told. */
export function isCurrent(view: View, { node, source }: { node: string; source: SourceName }): boolean {
  const entity = view.get(keyOf.source(node, source));
  return entity?.kind === "source" && entity.status === "ok" && entity.freshness === "live";
}

/** The entities of a kind, each with what stands behind the colon of its key. */
export function entitiesOf<K extends EntityKind>(view: View, kind: K): { name: string; entity: EntityOf<K> }[] {
  const found: { name: string; entity: EntityOf<K> }[] = [];
  const isOf = (entity: Entity): entity is EntityOf<K> => entity.kind === kind;
  for (const [key, entity] of view) if (isOf(entity)) found.push({ name: key.slice(key.indexOf(":") + 1), entity });
  return found;
}

/** The nodes that a source may be told of, each as itself. */
export function witnesses({ facts, view }: ClusterNow, source: SourceName): NodeFacts[] {
  return [...facts.nodes.values()].filter(({ node }) => isCurrent(view, { node, source }));
}
