// SPDX-License-Identifier: Apache-2.0
import type { Unread } from "@/agent/protocol/errors";
import type { PacemakerConstraint, PacemakerFailure, PacemakerFencing } from "@/agent/protocol/model/pacemaker";
import type { XmlElement } from "@/agent/xml";
import { ParseError } from "../define";
import { child, childrenOf, flag, requiredWord, whole, word } from "./fields";

/** `<resource>_<task>_<interval in ms>`; resources' ids may hold underscores, tasks only these words. */
const OPERATION_KEY =
  /^(.+)_(monitor|start|stop|promote|demote|notify|migrate_to|migrate_from|reload|reload-agent|meta-data|delete|cancel)_([0-9]+)$/;

/** Splits an operation key; null when it is not one. */
export function splitOperationKey(key: string): { resource: string; task: string; intervalMs: number } | null {
  // The key of a notification is "<resource>_pre_notify_start_0": the resource ends before "_pre" or "_post".
  const notification = /^(.+)_(?:pre|post)_notify_[a-z]+_([0-9]+)$/.exec(key);
  if (notification?.[1] !== undefined && notification[2] !== undefined)
    return { resource: notification[1], task: "notify", intervalMs: Number.parseInt(notification[2], 10) };
  const match = OPERATION_KEY.exec(key);
  if (match?.[1] === undefined || match[2] === undefined || match[3] === undefined) return null;
  return { resource: match[1], task: match[2], intervalMs: Number.parseInt(match[3], 10) };
}

/** Failed operations, with the failure counts that stand in the node history. */
export function readFailures(root: XmlElement): PacemakerFailure[] {
  const counts = failCounts(root);
  return childrenOf(child(root, "failures"), "failure").map((element) => {
    const key = word(element, "op_key") ?? word(element, "id");
    const parts = key === null ? null : splitOperationKey(key);
    if (key === null || parts === null) throw new ParseError("a <failure> without an operation key");
    const node = requiredWord(element, "node");
    const intervalMs = whole(element, "interval") ?? parts.intervalMs;
    return {
      resource: parts.resource,
      node,
      task: word(element, "task") ?? parts.task,
      intervalMs: intervalMs > 0 ? intervalMs : null,
      exitCode: whole(element, "exitcode"),
      exitStatus: word(element, "exitstatus"),
      // The tool's own word for an empty reason.
      exitReason: word(element, "exitreason") === "none" ? null : word(element, "exitreason"),
      failCount: counts.get(JSON.stringify([node, parts.resource])) ?? null,
      lastChange: word(element, "last-rc-change"),
    };
  });
}

function failCounts(root: XmlElement): Map<string, string> {
  const counts = new Map<string, string>();
  for (const node of childrenOf(child(root, "node_history"), "node"))
    for (const history of childrenOf(node, "resource_history")) {
      const count = word(history, "fail-count");
      if (count !== null) counts.set(JSON.stringify([word(node, "name"), word(history, "id")]), count);
    }
  return counts;
}

/** Fencing, newest first as printed; the whole history is `unread` when the fencer did not answer. */
export function readFencing(root: XmlElement, unread: Unread[]): PacemakerFencing[] {
  const history = child(root, "fence_history");
  const status = whole(history, "status");
  if (status !== null && status !== 0)
    unread.push({ what: "fencing", code: "COLLECT_READ", message: `crm_mon could not read the fencing history (${status})` });
  return childrenOf(history, "fence_event").map((element) => ({
    target: requiredWord(element, "target"),
    action: requiredWord(element, "action"),
    // Pacemaker 2.0.0 to 2.0.2 called it "state".
    status: word(element, "status") ?? requiredWord(element, "state"),
    delegate: word(element, "delegate"),
    client: word(element, "client"),
    origin: word(element, "origin"),
    completed: word(element, "completed"),
    exitReason: word(element, "exit-reason"),
  }));
}

/** Location constraints that keep a resource off a node, as crm_mon lists them. */
export function readBans(root: XmlElement): PacemakerConstraint[] {
  return childrenOf(child(root, "bans"), "ban").map((element) => ({
    id: requiredWord(element, "id"),
    kind: "location",
    resource: word(element, "resource"),
    with: null,
    node: word(element, "node"),
    score: word(element, "weight"),
    role: flag(element, "promoted-only") === true ? "Promoted" : flag(element, "master_only") === true ? "Master" : null,
    rule: null,
  }));
}
