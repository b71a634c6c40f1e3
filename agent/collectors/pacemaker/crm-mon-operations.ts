// SPDX-License-Identifier: Apache-2.0
import type { Pacemaker } from "@/agent/protocol/model/pacemaker";
import type { XmlElement } from "@/agent/xml";
import { child, childrenOf, requiredWord, whole, word } from "./fields";

type Operations = NonNullable<Pacemaker["operations"]>;

/** What moves a resource. Monitors run all the time: their times would make every reading a change. */
export const MOVING_TASKS: ReadonlySet<string> = new Set(["start", "stop", "promote", "demote"]);

/**
 * The newest start, stop, promote and demote of each resource on each node, as `<node_history>` keeps them: a later operation
 * takes the place of an earlier one, so a stop is gone after the next start. Null where the document has no operations.
 * Units: exec-time is "57ms". One that is still under way has call="-1" and took nothing yet.
 */
export function readOperations(root: XmlElement): Operations | null {
  const history = child(root, "node_history");
  let hasAny = false;
  const newest = new Map<string, Operations[number] & { call: number }>();
  for (const node of childrenOf(history, "node"))
    for (const resource of childrenOf(node, "resource_history"))
      for (const element of childrenOf(resource, "operation_history")) {
        hasAny = true;
        const call = whole(element, "call") ?? -1;
        const task = word(element, "task");
        const tookMs = /^([0-9]{1,9})ms$/.exec(word(element, "exec-time") ?? "")?.[1];
        if (call < 0 || task === null || tookMs === undefined || !MOVING_TASKS.has(task)) continue;
        const place = { resource: requiredWord(resource, "id"), node: requiredWord(node, "name"), task };
        const key = JSON.stringify(place);
        if ((newest.get(key)?.call ?? -1) > call) continue;
        const began = word(element, "last-rc-change");
        newest.set(key, { ...place, tookMs: Number.parseInt(tookMs, 10), isOk: whole(element, "rc") === 0, call, began });
      }
  return hasAny ? [...newest.values()] : null;
}

/**
 * Failure counts and thresholds as `<node_history>` keeps them; a count that is not printed is none. Null where it has no resources.
 */
export function readHistories(root: XmlElement): NonNullable<Pacemaker["histories"]> | null {
  const found = childrenOf(child(root, "node_history"), "node").flatMap((node) =>
    childrenOf(node, "resource_history").map((resource) => ({
      resource: requiredWord(resource, "id"),
      node: requiredWord(node, "name"),
      failCount: countOf(word(resource, "fail-count")) ?? 0,
      migrationThresholdCount: countOf(word(resource, "migration-threshold")),
    })),
  );
  return found.length > 0 ? found : null;
}

/** A count as Pacemaker prints it: a number, or its word for a million of them. */
function countOf(text: string | null): number | null {
  if (text === "INFINITY") return INFINITY_COUNT;
  return text !== null && /^[0-9]{1,9}$/.test(text) ? Number.parseInt(text, 10) : null;
}

/** Source: CRM_SCORE_INFINITY, include/crm/crm.h. */
const INFINITY_COUNT = 1_000_000;
