// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf } from "@/agent/protocol/console/view";
import { SourceName } from "@/agent/protocol/sources";
import { findingWitnesses } from "@/server/cluster/kinds";
import type { ViewSoFar } from "./define";

/** Whose word a finding is: names of nodes, keys of sources. */
export interface Witnesses {
  nodes: readonly string[];
  sources: readonly string[];
}

/** Nodes whose agents are trusted, as a set or as what is kept of each. */
export type Agents = Pick<ReadonlySet<string>, "has">;

export function witnessesOf({ about, rule }: Pick<EntityOf<"finding">, "about" | "rule">, view: ViewSoFar): Witnesses {
  const witnesses = about.flatMap((key) => {
    const subject = view.get(key);
    return subject ? findingWitnesses(subject, rule, view) : [];
  });
  return {
    nodes: [...new Set(witnesses.map(({ node }) => node))],
    sources: [...new Set(witnesses.flatMap(({ node, source }) => (source === "link" ? [] : [keyOf.source(node, source)])))],
  };
}

/** Those of them whose agents are trusted: nobody else will ever take it back. */
export function trustedWitnesses(finding: EntityOf<"finding">, view: ViewSoFar, agents: Agents): Witnesses {
  const { nodes, sources } = witnessesOf(finding, view);
  const isTrusted = (key: string) => {
    const source = view.get(key);
    return source?.kind !== "source" || agents.has(source.node);
  };
  return { nodes: nodes.filter((name) => agents.has(name)), sources: sources.filter(isTrusted) };
}

/** For a finding of which it was not kept whose word it was: all that is read on every trusted node. */
export function everybody(view: ViewSoFar, agents: Agents): Witnesses {
  const all = [...view].flatMap(([key, one]) => (one.kind === "source" && agents.has(one.node) && one.status !== "pending" ? [key] : []));
  const nodes = [...view.values()].flatMap((one) => (one.kind === "node" && agents.has(one.name) ? [one.name] : []));
  return { nodes, sources: all };
}

/**
 * Whether all whose word a finding is are heard in time. A view that could not be made has no nodes, and an agent that was enrolled
 * anew has not read everything yet: neither says anything.
 */
export function isHeard(view: ViewSoFar, { nodes, sources }: Witnesses): boolean {
  const isSourceHeard = (key: string) => {
    const source = view.get(key);
    return source?.kind !== "source" || source.status === "pending" || source.freshness === "live";
  };
  return nodes.every((name) => isReadWhole(view, name)) && sources.every(isSourceHeard);
}

/** A node that is heard, and of which nothing is still to be read for the first time. */
function isReadWhole(view: ViewSoFar, name: string): boolean {
  const node = view.get(keyOf.node(name));
  if (node?.kind !== "node" || node.link !== "live") return false;
  return SourceName.options.every((source) => {
    const read = view.get(keyOf.source(name, source));
    // The kernel log speaks when it has something to say.
    return read?.kind !== "source" || read.status !== "pending" || source === "kernelLog";
  });
}
