// SPDX-License-Identifier: Apache-2.0
import type { View } from "@/agent/protocol/console/view";
import { RULES } from "./catalog";
import type { Rule } from "./define";
import { NOT_KNOWN, OVER, ruleOf, type Standing } from "./standing";
import { type Agents, everybody, isHeard, type Witnesses } from "./witnesses";

/** A finding that is not found any more. */
export interface Missed {
  id: string;
  /** Null: it was not kept whose word it was. */
  witnesses: Witnesses | null;
}

/** What it can be held against. */
export interface Around {
  view: View;
  /** Nodes whose agents are trusted. */
  agents: Agents;
  /** Why a rule is not looked for, as a sentence; null while it is. */
  unwatched: (rule: string) => string | null;
}

const BY_NAME: ReadonlyMap<string, Rule> = new Map(RULES.map((rule) => [rule.name, rule]));

/**
 * How a finding that is not found any more stands: the one answer for alerts, the timeline and the memory of since-when. Pure.
 *
 * Nobody looking and nobody trusted are no end of what was told. Of what is looked for, those whose word it was must be heard; then
 * its rule says what else must hold for it to be over.
 */
export function standingOf({ id, witnesses }: Missed, { view, agents, unwatched }: Around): Standing {
  const name = ruleOf(id);
  const rule = BY_NAME.get(name);
  const off = rule ? unwatched(name) : `This version of the console does not look for ${name}.`;
  if (off !== null) return { is: "ended", end: "unwatched", level: "held", says: `${off} Whether it still is so is not looked at.` };
  const left = witnesses?.nodes.filter((node) => !agents.has(node)) ?? [];
  if (left.length > 0) {
    const whose = left.map((node) => `${node}'s agent`).join(" and ");
    const says = `The trust in ${whose} was ended: nobody says any more whether it still is so.`;
    return { is: "ended", end: "untrusted", level: "unknown", says };
  }
  if (!isHeard(view, witnesses ?? everybody(view, agents))) return NOT_KNOWN;
  return rule?.over?.(id, view) ?? OVER;
}
