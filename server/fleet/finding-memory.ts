// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf, type View } from "@/agent/protocol/console/view";
import { SourceName } from "@/agent/protocol/sources";
import { findingWitnesses } from "@/server/cluster/kinds";
import { type FindingEnd, type RaisedFinding, raisedFrom } from "@/server/timeline/findings";

/** A finding that stands, and whose testimony it stands on. */
export interface Remembered {
  raised: RaisedFinding;
  nodes: ReadonlySet<string>;
  /** Keys of the sources whose word it is. */
  sources: ReadonlySet<string>;
  /** For one recalled after a restart, of which only the time was kept: how long any unheard node speaks for it. */
  untilMs: number | null;
}

/** Long enough for agents to come back after a restart of the console. */
const RECALLED_MS = 600_000;

export function recalled(
  standing: ReadonlyMap<string, RaisedFinding>,
  nodes: Iterable<string>,
  nowMs: number,
): ReadonlyMap<string, Remembered> {
  const all = new Set(nodes);
  const sources = new Set([...all].flatMap((node) => SourceName.options.map((source) => keyOf.source(node, source))));
  return new Map([...standing].map(([id, raised]) => [id, { raised, nodes: all, sources, untilMs: nowMs + RECALLED_MS }]));
}

/**
 * What is to be remembered of a view's findings. A finding that is gone because nobody is heard who could say it is not over:
 * should it be there when they are heard again, it holds since it was first seen. `agents`: nodes whose agents are trusted; one whose
 * trust is ended takes its word along, and that is no end of what it told.
 */
export function rememberFindings(
  known: ReadonlyMap<string, Remembered>,
  view: View,
  agents: Pick<ReadonlySet<string>, "has">,
  nowMs: number,
): { kept: ReadonlyMap<string, Remembered>; ended: ReadonlyMap<string, FindingEnd> } {
  const found = new Map<string, Remembered>();
  const ended = new Map<string, FindingEnd>();
  for (const [key, entity] of view) {
    if (entity.kind !== "finding") continue;
    const { nodes, sources } = witnessesOfFinding(entity, view);
    const trusted = new Set([...nodes].filter((name) => agents.has(name)));
    found.set(key.slice("finding:".length), { raised: raisedFrom(entity), nodes: trusted, sources, untilMs: null });
  }
  for (const [id, kept] of known) {
    if (found.has(id)) continue;
    // Of one recalled it is not known whose word it was.
    if (kept.untilMs === null && [...kept.nodes].some((name) => !agents.has(name))) ended.set(id, "untrusted");
    else if (isHeard(view, kept)) ended.set(id, "over");
    else if (kept.untilMs !== null && nowMs > kept.untilMs) ended.set(id, "forgotten");
    else found.set(id, kept);
  }
  return { kept: found, ended };
}

/** Whose word a finding is: nodes by name, sources by key. */
export function witnessesOfFinding(finding: EntityOf<"finding">, view: View): Pick<Remembered, "nodes" | "sources"> {
  const witnesses = finding.about.flatMap((about) => {
    const subject = view.get(about);
    return subject ? findingWitnesses(subject, finding.rule, view) : [];
  });
  return {
    nodes: new Set(witnesses.map(({ node }) => node)),
    sources: new Set(witnesses.flatMap(({ node, source }) => (source === "link" ? [] : [keyOf.source(node, source)]))),
  };
}

/** Whether all whose word a finding is are heard in time; what is gone from the view has nothing more to say. */
export function isHeard(view: View, { nodes, sources }: { nodes: Iterable<string>; sources: Iterable<string> }): boolean {
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
