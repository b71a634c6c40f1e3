// SPDX-License-Identifier: Apache-2.0
import type { ClusterDetail } from "@/agent/protocol/console/api";
import { type Entity, type EntityOf, keyOf, type View } from "@/agent/protocol/console/view";
import type { SourceName } from "@/agent/protocol/sources";
import { witnessesOf } from "@/server/cluster/kinds";

type Sourced = ClusterDetail["entities"][number];
type Standing = Sourced["from"][number];

const ageOf = (atMs: number | null, nowMs: number) => (atMs === null ? null : Math.max(0, nowMs - atMs));

/** Names every source that an entity stands on, with its freshness and age. */
class Sources {
  readonly found = new Map<string, Standing>();
  readonly #visited = new Set<string>();

  constructor(
    readonly view: View,
    readonly nowMs: number,
  ) {}

  #add(node: string, source: string, freshness: Standing["freshness"], takenAtMs: number | null): void {
    // What was recorded has no age: it is of its moment, whenever that is looked at.
    const ageMs = freshness === "recorded" ? null : ageOf(takenAtMs, this.nowMs);
    this.found.set(`${node}/${source}`, { node, source, freshness, takenAtMs, ageMs });
  }

  #source(node: string, source: SourceName): void {
    const entity = this.view.get(keyOf.source(node, source));
    if (entity?.kind === "source") this.#add(node, source, entity.freshness, entity.takenAtMs);
    // A value whose source the view does not know cannot be told to be fresh.
    else this.#add(node, source, "never", null);
  }

  /** The console's own testimony of a node: when it last heard from it. */
  #link(name: string): void {
    const node = this.view.get(keyOf.node(name));
    if (node?.kind === "node") this.#add(name, "link", node.link, node.lastWordAtMs);
  }

  /** An event is as old as it is, however fresh its source is by now. */
  #event({ node, source, atMs }: EntityOf<"event">): void {
    const entity = node !== null && source !== null ? this.view.get(keyOf.source(node, source)) : undefined;
    this.#add(node ?? "console", source ?? "console", entity?.kind === "source" ? entity.freshness : "live", atMs);
  }

  visit(key: string): void {
    if (this.#visited.has(key)) return;
    this.#visited.add(key);
    const entity = this.view.get(key);
    if (entity) this.of(entity);
  }

  of(entity: Entity): void {
    if (entity.kind === "event") this.#event(entity);
    else if (entity.kind === "finding") for (const key of entity.about) this.visit(key);
    else
      for (const { node, source } of witnessesOf(entity, this.view)) {
        if (source === "link") this.#link(node);
        else this.#source(node, source);
      }
  }
}

/** An entity with every source it stands on. What stands on none is the console's own word, said now. */
export function sourced(key: string, entity: Entity, view: View, nowMs: number): Sourced {
  const sources = new Sources(view, nowMs);
  sources.of(entity);
  const from = [...sources.found.values()];
  return { key, entity, from: from.length > 0 ? from : [ownWord(view, nowMs)] };
}

function ownWord(view: View, nowMs: number): Standing {
  const own = { node: "console", source: "console" };
  const cluster = view.get(keyOf.cluster);
  const recorded = cluster?.kind === "cluster" ? cluster.recorded : undefined;
  if (recorded) return { ...own, freshness: "recorded", takenAtMs: recorded.atMs, ageMs: null };
  return { ...own, freshness: "live", takenAtMs: nowMs, ageMs: 0 };
}
