// SPDX-License-Identifier: Apache-2.0
import type { Pacemaker, PacemakerConstraint } from "@/agent/protocol/model/pacemaker";

const SCORE = /^([+-]?)(INFINITY|\d+)$/;

/** Below 0, above, or neither; null for what is no number of its own ("pingd"). */
export function signOf(score: string | null): number | null {
  const [, sign, size] = SCORE.exec(score ?? "") ?? [];
  if (size === undefined) return null;
  return Number(size) === 0 ? 0 : sign === "-" ? -1 : 1;
}

/** By name, or by a rule that is nothing but one. */
function nodeIn({ node, rule }: PacemakerConstraint): string | null {
  if (rule === null) return node;
  return /^#uname eq (\S+)$/.exec(rule)?.[1] ?? null;
}

/**
 * The nodes that the location constraints of a resource (its own id and those of what it is in) leave it: in an opt-in cluster
 * those that one allows, else those that none forbids. Null where a rule decides, or the constraints were not read.
 */
export function nodesFor(ids: readonly string[], value: Pacemaker, members: readonly string[]): ReadonlySet<string> | null {
  if (value.unread.some(({ what }) => what === "constraints")) return null;
  const own = value.constraints.filter(({ kind, resource, role }) => kind === "location" && role === null && ids.includes(resource ?? ""));
  const onNodes = own.map((constraint) => ({ node: nodeIn(constraint), sign: signOf(constraint.score) }));
  if (onNodes.some(({ node, sign }) => node === null || sign === null)) return null;
  const has = (name: string, wanted: number) => onNodes.some(({ node, sign }) => node === name && sign === wanted);
  const isOptIn = value.fenceSetup?.symmetric === false;
  return new Set(members.filter((name) => !has(name, -1) && (!isOptIn || has(name, 1))));
}
