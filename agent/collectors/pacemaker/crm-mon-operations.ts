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
  const newest = new Map<string, { callId: number; operation: Operations[number] }>();
  for (const node of childrenOf(history, "node"))
    for (const resource of childrenOf(node, "resource_history"))
      for (const element of childrenOf(resource, "operation_history")) {
        hasAny = true;
        const callId = whole(element, "call") ?? -1;
        const task = word(element, "task");
        const tookMs = /^([0-9]{1,9})ms$/.exec(word(element, "exec-time") ?? "")?.[1];
        if (callId < 0 || task === null || tookMs === undefined || !MOVING_TASKS.has(task)) continue;
        const place = { resource: requiredWord(resource, "id"), node: requiredWord(node, "name"), task };
        const key = JSON.stringify(place);
        if ((newest.get(key)?.callId ?? -1) > callId) continue;
        newest.set(key, { callId, operation: { ...place, tookMs: Number.parseInt(tookMs, 10), isOk: whole(element, "rc") === 0 } });
      }
  return hasAny ? [...newest.values()].map(({ operation }) => operation) : null;
}
