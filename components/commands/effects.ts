// SPDX-License-Identifier: Apache-2.0
import type { Effect } from "@/agent/protocol/console/commands";

/** Effects told as one: what a group's members do alike, under the group's name. */
export interface EffectRow {
  /** The group's name where it stands for its members, else the resource's own. */
  name: string;
  /** What it stands for; empty where it is one resource. */
  members: readonly string[];
  parent: string | null;
  before: string;
  after: string;
  says: string;
  reason: string | null;
}

/** Members of one parent whose sentences are the same but for their names are one row; the order stays that of the console. */
export function effectRows(effects: readonly Effect[]): readonly EffectRow[] {
  const alike = new Map<string, Effect[]>();
  for (const effect of effects) {
    const key = JSON.stringify([effect.parent, effect.before, effect.after, effect.reason, saidOf(effect, effect.parent ?? "")]);
    const known = alike.get(key);
    // What stands alone has nothing to stand under.
    if (known && effect.parent !== null) known.push(effect);
    else alike.set(known ? `${key} ${effect.resource}` : key, [effect]);
  }
  return [...alike.values()].flatMap(([first, ...others]): EffectRow[] => {
    if (!first) return [];
    const { resource, parent, before, after, says, reason } = first;
    if (others.length === 0 || parent === null) return [{ name: resource, members: [], parent, before, after, says, reason }];
    const members = [first, ...others].map((effect) => effect.resource);
    return [{ name: parent, members, parent: null, before, after, says: saidOf(first, parent), reason }];
  });
}

function saidOf({ says, resource }: Effect, name: string): string {
  return says.replaceAll(resource, name);
}
