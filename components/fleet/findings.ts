// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/keys";
import type { EntityOf, Level } from "@/agent/protocol/console/view";
import type { Entry } from "@/components/live/store";
import { worstFirst } from "@/components/ui/levels";

/** A finding that stands by itself, and those that follow from it inside it: one line for a person. */
export interface Line {
  key: string;
  finding: EntityOf<"finding">;
  /** The worst of all of them. */
  level: Level;
  within: readonly Entry<"finding">[];
}

/** Findings as a person wants them: worst first, then the one that has stood longest. What follows from one that is not among them stands by itself. */
export function linesOf(findings: readonly Entry<"finding">[]): readonly Line[] {
  const keys = new Set(findings.map(([key]) => key));
  const rootOf = ({ cause }: EntityOf<"finding">) => {
    const key = typeof cause === "string" ? keyOf.finding(cause) : null;
    return key !== null && keys.has(key) ? key : null;
  };
  const within = new Map<string, Entry<"finding">[]>();
  for (const entry of findings) {
    const root = rootOf(entry[1]);
    if (root !== null) within.set(root, [...(within.get(root) ?? []), entry]);
  }
  return findings
    .filter(([, finding]) => rootOf(finding) === null)
    .map(([key, finding]): Line => {
      const own = [...(within.get(key) ?? [])].sort(([, a], [, b]) => worstFirst(a.level, b.level) || a.sinceMs - b.sinceMs);
      return known(key, finding, own) ?? made(key, finding, own);
    })
    .sort((a, b) => worstFirst(a.level, b.level) || a.finding.sinceMs - b.finding.sinceMs);
}

const lines = new WeakMap<EntityOf<"finding">, Line>();

/** A finding that is the same, with the same ones inside, is the same line: it is not drawn again. */
function known(key: string, finding: EntityOf<"finding">, within: Line["within"]): Line | null {
  const line = lines.get(finding);
  const isSame = line?.key === key && line.within.length === within.length;
  return isSame && line.within.every(([, one], index) => one === within[index]?.[1]) ? line : null;
}

function made(key: string, finding: EntityOf<"finding">, within: Line["within"]): Line {
  const [level = finding.level] = [finding.level, ...within.map(([, one]) => one.level)].sort(worstFirst);
  const line = { key, finding, level, within };
  lines.set(finding, line);
  return line;
}

/** The line that a cluster's headline tells as a sentence; undefined when it tells none. */
export function toldByHeadline(cluster: EntityOf<"cluster"> | undefined, lines: readonly Line[]): Line | undefined {
  if (!cluster) return undefined;
  const { headline, headlineOf } = cluster;
  if (headlineOf !== undefined) return lines.find(({ key }) => headlineOf !== null && key === keyOf.finding(headlineOf));
  return lines.find(({ level, finding }) => level === headline.level && headline.word.toLowerCase().endsWith(finding.title.toLowerCase()));
}

/** Those of a page's own, each with the one that it follows from. */
export function withRoots(all: readonly Entry<"finding">[], isOwn: (finding: EntityOf<"finding">) => boolean): readonly Entry<"finding">[] {
  const causes = new Set(all.flatMap(([, finding]) => (isOwn(finding) && finding.cause ? [keyOf.finding(finding.cause)] : [])));
  return all.filter(([key, finding]) => isOwn(finding) || causes.has(key));
}
