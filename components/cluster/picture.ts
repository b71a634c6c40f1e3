// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import { type Entry, entityOf, entriesOf, type Slice } from "@/components/live/store";

/** Sources of a cluster by their key. */
export type Sources = ReadonlyMap<string, EntityOf<"source">>;

/** Everything one cluster's stack is drawn from. Each list keeps its reference while nothing of its kind changes. */
export interface Picture {
  slug: string;
  cluster: EntityOf<"cluster"> | undefined;
  nodes: readonly Entry<"node">[];
  sources: Sources;
  mirrors: readonly Entry<"mirror">[];
  drbds: readonly Entry<"drbd">[];
  bonds: readonly Entry<"bond">[];
  aoes: readonly Entry<"aoe">[];
  exports: readonly Entry<"export">[];
  arrays: readonly Entry<"array">[];
  targets: readonly Entry<"target">[];
  sessions: readonly Entry<"session">[];
  corosyncs: readonly Entry<"corosync">[];
  rings: readonly Entry<"ring">[];
  mounts: readonly Entry<"mount">[];
  swaps: readonly Entry<"swap">[];
  pools: readonly Entry<"pool">[];
  ocfs2s: readonly Entry<"ocfs2">[];
  dlms: readonly Entry<"dlm">[];
  resources: readonly Entry<"resource">[];
  constraints: readonly Entry<"constraint">[];
  fencings: readonly Entry<"fencing">[];
  findings: readonly Entry<"finding">[];
  events: readonly Entry<"event">[];
}

const sourceMaps = new WeakMap<object, Sources>();

/** The picture of one cluster from what the browser holds. */
export function selectPicture(slug: string, slice: Slice | undefined): Picture {
  const entries = entriesOf(slice, "source");
  const sources: Sources = sourceMaps.get(entries) ?? new Map(entries);
  sourceMaps.set(entries, sources);
  return {
    slug,
    cluster: entityOf(slice, "cluster", "cluster"),
    nodes: entriesOf(slice, "node"),
    sources,
    mirrors: entriesOf(slice, "mirror"),
    drbds: entriesOf(slice, "drbd"),
    bonds: entriesOf(slice, "bond"),
    aoes: entriesOf(slice, "aoe"),
    exports: entriesOf(slice, "export"),
    arrays: entriesOf(slice, "array"),
    targets: entriesOf(slice, "target"),
    sessions: entriesOf(slice, "session"),
    corosyncs: entriesOf(slice, "corosync"),
    rings: entriesOf(slice, "ring"),
    mounts: entriesOf(slice, "mount"),
    swaps: entriesOf(slice, "swap"),
    pools: entriesOf(slice, "pool"),
    ocfs2s: entriesOf(slice, "ocfs2"),
    dlms: entriesOf(slice, "dlm"),
    resources: entriesOf(slice, "resource"),
    constraints: entriesOf(slice, "constraint"),
    fencings: entriesOf(slice, "fencing"),
    findings: entriesOf(slice, "finding"),
    events: entriesOf(slice, "event"),
  };
}

/** Nodes that vote and carry, in the order of their names. */
export function membersOf(nodes: Picture["nodes"]): readonly EntityOf<"node">[] {
  return nodes.map(([, node]) => node).filter(({ role }) => role === "member");
}

/** Nodes that only use the storage. */
export function clientsOf(nodes: Picture["nodes"]): readonly EntityOf<"node">[] {
  return nodes.map(([, node]) => node).filter(({ role }) => role === "client");
}
