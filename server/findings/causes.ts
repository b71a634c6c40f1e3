// SPDX-License-Identifier: Apache-2.0
import { rankOf } from "@/server/cluster/said";
import type { Caused, Finding, ViewSoFar } from "./define";
import { LINKS } from "./links";

type Timed = Finding & { sinceMs: number };

/**
 * Each finding with the id of the one it follows from: the root of the chain, never one that itself follows.
 * Rules tell what they see, each by itself; what follows from what is decided here alone, when all have told.
 */
export function withCauses(findings: readonly Timed[], view: ViewSoFar): Caused[] {
  const byRule = new Map<string, Timed[]>();
  for (const finding of findings) {
    const known = byRule.get(finding.rule);
    if (known) known.push(finding);
    else byRule.set(finding.rule, [finding]);
  }
  const nearest = new Map<string, string>();
  for (const finding of findings) {
    const root = nearestOf(finding, byRule, view);
    if (root !== null) nearest.set(finding.id, root);
  }
  return findings.map((finding) => ({ ...finding, cause: rootOf(finding.id, nearest) }));
}

function nearestOf(finding: Timed, byRule: ReadonlyMap<string, readonly Timed[]>, view: ViewSoFar): string | null {
  for (const { from, to, when } of LINKS) {
    if (!to.includes(finding.rule)) continue;
    for (const rule of from)
      for (const root of byRule.get(rule) ?? []) if (root.id !== finding.id && when({ root, finding, view })) return root.id;
  }
  return null;
}

/** Along the chain to its beginning. Where it comes back to itself, nobody can say what was first: then each stands by itself. */
function rootOf(id: string, nearest: ReadonlyMap<string, string>): string | null {
  const seen = new Set([id]);
  let root: string | null = null;
  for (let next = nearest.get(id); next !== undefined; next = nearest.get(next)) {
    if (seen.has(next)) return null;
    seen.add(next);
    root = next;
  }
  return root;
}

/** A finding that stands by itself, with those that follow from it: one line. */
export interface Line {
  root: Caused;
  within: readonly Caused[];
  /** The worst of all of them: nothing grave is hidden inside what is less so. */
  level: Finding["level"];
}

export function linesOf(findings: readonly Caused[]): Line[] {
  return findings
    .filter(({ cause }) => cause === null)
    .map((root) => {
      const within = findings.filter(({ cause }) => cause === root.id);
      const level = within.reduce((worst, one) => (rankOf(one.level) < rankOf(worst) ? one.level : worst), root.level);
      return { root, within, level };
    });
}
