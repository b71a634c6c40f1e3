// SPDX-License-Identifier: Apache-2.0
import type { AlertLabels, Severity } from "@/agent/protocol/console/alerts";
import type { EntityOf, View } from "@/agent/protocol/console/view";
import { witnessesOfFinding } from "@/server/fleet/finding-memory";
import { findingIdOf, labelsOf } from "./labels";
import { severityOf, worst } from "./severity";
import type { KeptAlert } from "./state";

/** What an alert can be about: a finding that is somebody's trouble, with what follows from it. */
export interface Found {
  finding: string;
  severity: Severity;
  title: string;
  why: string;
  todo: string | null;
  labels: AlertLabels;
  consequences: string[];
  sinceMs: number;
  witnesses: KeptAlert["witnesses"];
}

export interface FoundNow {
  roots: Found[];
  /** Findings that may be passing: nobody is told of them yet. */
  settling: ReadonlySet<string>;
  /** Of each finding that is told as a part of another: the id of that one. */
  partOf: ReadonlyMap<string, string>;
}

type Finding = EntityOf<"finding">;

/** The findings of a view that people are told of, each root cause with its consequences inside. `agents`: see `witnessesIn`. */
export function foundIn(view: View, cluster: { slug: string; environment: string | null }, agents: ReadonlySet<string>): FoundNow {
  const all = new Map([...view].flatMap(([key, entity]) => (entity.kind === "finding" ? [[findingIdOf(key), entity] as const] : [])));
  const rootOf = (id: string) => rootIn(all, id);
  const partOf = new Map<string, string>();
  const inside = new Map<string, Finding[]>();
  for (const [id, finding] of all) {
    const root = rootOf(id);
    if (root === id) continue;
    partOf.set(id, root);
    inside.set(root, [...(inside.get(root) ?? []), finding]);
  }
  const roots: Found[] = [];
  for (const [id, finding] of all) {
    const own = severityOf(finding.level);
    if (own === null || partOf.has(id)) continue;
    const parts = (inside.get(id) ?? []).filter(({ settlesAtMs }) => settlesAtMs === undefined);
    const severity = worst([own, ...parts.flatMap(({ level }) => severityOf(level) ?? [])]);
    const { title, why, todo, sinceMs } = finding;
    roots.push({
      finding: id,
      severity,
      title,
      why,
      todo,
      sinceMs,
      labels: labelsOf(id, finding, severity, cluster, view),
      consequences: parts.map((part) => part.title),
      witnesses: witnessesIn(finding, view, agents),
    });
  }
  const settling = new Set([...all].flatMap(([id, { settlesAtMs }]) => (settlesAtMs === undefined ? [] : [id])));
  return { roots, partOf, settling };
}

/** Whose word a finding is, of those whose agents are trusted: nobody else will ever take it back. */
function witnessesIn(finding: Finding, view: View, agents: ReadonlySet<string>): KeptAlert["witnesses"] {
  const { nodes, sources } = witnessesOfFinding(finding, view);
  const isTrusted = (key: string) => {
    const source = view.get(key);
    return source?.kind !== "source" || agents.has(source.node);
  };
  return { nodes: [...nodes].filter((name) => agents.has(name)), sources: [...sources].filter(isTrusted) };
}

/** The finding that this one follows from in the end. One whose cause nobody would be told of stands by itself: it is not lost with it. */
function rootIn(all: ReadonlyMap<string, Finding>, id: string): string {
  const seen = new Set<string>();
  let at = id;
  while (!seen.has(at)) {
    seen.add(at);
    const cause = all.get(at)?.cause ?? null;
    const root = cause === null ? undefined : all.get(cause);
    if (cause === null || !root || severityOf(root.level) === null) return at;
    at = cause;
  }
  // Each the cause of the other: neither is.
  return id;
}
