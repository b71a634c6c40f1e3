// SPDX-License-Identifier: Apache-2.0
import type { AlertLabels, Severity } from "@/agent/protocol/console/alerts";
import type { EntityOf, View } from "@/agent/protocol/console/view";
import { type Agents, trustedWitnesses, type Witnesses } from "@/server/findings/witnesses";
import { findingIdOf, labelsOf } from "./labels";
import { severityOf, worst } from "./severity";

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
  witnesses: Witnesses;
}

export interface FoundNow {
  roots: Found[];
  /** Findings that may be passing: nobody is told of them yet. */
  settling: ReadonlySet<string>;
  /** Of each finding that is told as a part of another: the id of that one. */
  partOf: ReadonlyMap<string, string>;
}

type Finding = EntityOf<"finding">;

/** The findings of a view that people are told of, each root cause with its consequences inside. `agents`: see `trustedWitnesses`. */
export function foundIn(view: View, cluster: { slug: string; environment: string | null }, agents: Agents): FoundNow {
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
      witnesses: trustedWitnesses(finding, view, agents),
    });
  }
  const settling = new Set([...all].flatMap(([id, { settlesAtMs }]) => (settlesAtMs === undefined ? [] : [id])));
  return { roots, partOf, settling };
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
