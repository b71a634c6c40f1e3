// SPDX-License-Identifier: Apache-2.0
import { type Entity, keyOf, type View } from "@/agent/protocol/console/view";
import { SourceName } from "@/agent/protocol/sources";

/** Since when a finding holds, and whose testimony it stands on. */
export interface Remembered {
  sinceMs: number;
  nodes: ReadonlySet<string>;
  /** Keys of the sources whose word it is. */
  sources: ReadonlySet<string>;
  /** For one recalled after a restart, of which only the time was kept: how long any unheard node speaks for it. */
  untilMs: number | null;
}

/** Long enough for agents to come back after a restart of the console. */
const RECALLED_MS = 600_000;

export function recalled(since: ReadonlyMap<string, number>, nodes: Iterable<string>, nowMs: number): ReadonlyMap<string, Remembered> {
  const all = new Set(nodes);
  const sources = new Set([...all].flatMap((node) => SourceName.options.map((source) => keyOf.source(node, source))));
  return new Map([...since].map(([id, sinceMs]) => [id, { sinceMs, nodes: all, sources, untilMs: nowMs + RECALLED_MS }]));
}

/**
 * What is to be remembered of a view's findings. A finding that is gone because nobody is heard who could say it is not over:
 * should it be there when they are heard again, it holds since it was first seen.
 */
export function rememberFindings(known: ReadonlyMap<string, Remembered>, view: View, nowMs: number): ReadonlyMap<string, Remembered> {
  const found = new Map<string, Remembered>();
  for (const [key, entity] of view) {
    if (entity.kind !== "finding") continue;
    const nodes = new Set(entity.about.flatMap((about) => nodesOf(view.get(about))));
    const sources = new Set(entity.about.flatMap((about) => sourcesOf(about, view.get(about), entity.rule)));
    found.set(key.slice("finding:".length), { sinceMs: entity.sinceMs, nodes, sources, untilMs: null });
  }
  for (const [id, kept] of known) {
    const isOver = kept.untilMs !== null && nowMs > kept.untilMs;
    if (!found.has(id) && !isOver && !isHeard(view, kept)) found.set(id, kept);
  }
  return found;
}

/** The nodes whose word an entity is. */
function nodesOf(entity: Entity | undefined): string[] {
  if (entity === undefined) return [];
  switch (entity.kind) {
    case "node":
      return [entity.name];
    case "source":
      return [entity.node];
    case "mirror":
      return entity.copies.map(({ node }) => node);
    case "ring":
      return entity.ends.map(({ node }) => node);
    case "cluster":
      return entity.pacemaker ? [entity.pacemaker.from.node] : [];
    case "event":
      return entity.node === null ? [] : [entity.node];
    case "finding":
      return [];
    case "drbd":
    case "bond":
    case "aoe":
    case "export":
    case "array":
    case "target":
    case "session":
    case "corosync":
    case "mount":
    case "pool":
    case "swap":
    case "ocfs2":
    case "dlm":
    case "resource":
    case "constraint":
    case "fencing":
    case "kernel":
      return [entity.from.node];
  }
}

/** What the cluster says of a node is in its Pacemaker; of its link the console knows by itself. */
const OF_CLUSTER: ReadonlySet<string> = new Set(["node-gone", "node-held"]);

/** Keys of the sources an entity is read from. */
function sourcesOf(key: string, entity: Entity | undefined, rule: string): string[] {
  if (entity === undefined) return [];
  switch (entity.kind) {
    case "node":
      return OF_CLUSTER.has(rule) ? [keyOf.source(entity.name, "pacemaker")] : [];
    case "source":
      return [key];
    case "mirror":
      return entity.copies.flatMap(({ node, drbd }) => (drbd === null ? [] : [keyOf.source(node, "drbd")]));
    case "ring":
      return entity.ends.map(({ node }) => keyOf.source(node, "corosync"));
    case "cluster":
      return entity.pacemaker ? [keyOf.source(entity.pacemaker.from.node, "pacemaker")] : [];
    case "event":
    case "finding":
      return [];
    case "drbd":
    case "bond":
    case "aoe":
    case "export":
    case "array":
    case "target":
    case "session":
    case "corosync":
    case "mount":
    case "pool":
    case "swap":
    case "ocfs2":
    case "dlm":
    case "resource":
    case "constraint":
    case "fencing":
    case "kernel":
      return [keyOf.source(entity.from.node, entity.from.source)];
  }
}

/** Whether all whose word a finding is are heard in time; what is gone from the view has nothing more to say. */
function isHeard(view: View, { nodes, sources }: Remembered): boolean {
  for (const name of nodes) {
    const node = view.get(keyOf.node(name));
    if (node?.kind === "node" && node.link !== "live") return false;
  }
  for (const key of sources) {
    const source = view.get(key);
    if (source?.kind === "source" && source.status !== "pending" && source.freshness !== "live") return false;
  }
  return true;
}
