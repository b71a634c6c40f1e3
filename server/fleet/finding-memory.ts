// SPDX-License-Identifier: Apache-2.0
import { type Entity, keyOf, type View } from "@/agent/protocol/console/view";
import { SourceName } from "@/agent/protocol/sources";

/** Since when a finding holds, and whose testimony it stands on. */
export interface Remembered {
  sinceMs: number;
  nodes: ReadonlySet<string>;
  /** For one recalled after a restart, of which only the time was kept: how long any unheard node speaks for it. */
  untilMs: number | null;
}

/** Long enough for agents to come back after a restart of the console. */
const RECALLED_MS = 600_000;

export function recalled(since: ReadonlyMap<string, number>, nodes: Iterable<string>, nowMs: number): ReadonlyMap<string, Remembered> {
  const all = new Set(nodes);
  return new Map([...since].map(([id, sinceMs]) => [id, { sinceMs, nodes: all, untilMs: nowMs + RECALLED_MS }]));
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
    found.set(key.slice("finding:".length), { sinceMs: entity.sinceMs, nodes, untilMs: null });
  }
  for (const [id, kept] of known) {
    const isOver = kept.untilMs !== null && nowMs > kept.untilMs;
    if (!found.has(id) && !isOver && [...kept.nodes].some((node) => !isHeard(view, node))) found.set(id, kept);
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
    case "resource":
    case "constraint":
    case "fencing":
    case "kernel":
      return [entity.from.node];
  }
}

/** Whether a node and everything it reads is heard in time; one that is gone from the view has nothing more to say. */
function isHeard(view: View, name: string): boolean {
  const node = view.get(keyOf.node(name));
  if (node?.kind !== "node") return true;
  if (node.link !== "live") return false;
  return SourceName.options.every((source) => {
    const entity = view.get(keyOf.source(name, source));
    return entity?.kind !== "source" || entity.status === "pending" || entity.freshness === "live";
  });
}
