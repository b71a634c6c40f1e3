// SPDX-License-Identifier: Apache-2.0
import type { PacemakerFailure } from "@/agent/protocol/model/pacemaker";
import type { XmlElement } from "@/agent/xml";
import { splitOperationKey } from "./crm-mon-events";
import { childrenOf, requiredWord, whole, word } from "./fields";

/** What the recorded operations of one resource on one node amount to. */
export interface Standing {
  /** Stopped, Started, Unpromoted, Promoted; Starting, Stopping, Promoting, Demoting, Migrating while one is under way. */
  role: string;
  active: boolean;
  failed: boolean;
  /** As crm_mon: only where the role itself does not say what is under way ("Monitoring"). */
  pending: string | null;
}

/** OCF exit codes (pacemaker crm/common/results.h). */
const OK = 0;
const NOT_RUNNING = 7;
const PROMOTED = 8;
const PROMOTED_FAILED = 9;
/** Of a probe: invalid parameter, unimplemented, not installed, not configured. It cannot run there, so it does not. */
const CANNOT_RUN = new Set([2, 3, 5, 6]);

/** `op-status` (pacemaker enum pcmk_exec_status). */
const PENDING = -1;
const DONE = 0;
const CANCELLED = 1;

const UNDER_WAY: Readonly<Record<string, string>> = {
  start: "Starting",
  stop: "Stopping",
  promote: "Promoting",
  demote: "Demoting",
  migrate_to: "Migrating",
  migrate_from: "Migrating",
};

interface Operation {
  task: string;
  intervalMs: number;
  callId: number;
  status: number;
  exitCode: number;
  /** What the scheduler expected; 7 for a probe of a resource that should not be there. */
  expected: number | null;
  element: XmlElement;
}

/**
 * Folds a resource's recorded operations in the order in which they ran.
 *
 * Source: the rules of lib/pengine/unpack.c (Pacemaker 2.1), without what only its scheduler knows: a failed operation
 * leaves the resource active and failed, as long as no later one says otherwise.
 */
export function standingOf(history: XmlElement, isPromotable: boolean): Standing {
  let standing: Standing = { role: "Stopped", active: false, failed: false, pending: null };
  for (const operation of operationsOf(history)) standing = after(standing, operation, isPromotable ? "Unpromoted" : "Started");
  return standing;
}

function after(before: Standing, operation: Operation, running: string): Standing {
  const stopped: Standing = { role: "Stopped", active: false, failed: false, pending: null };
  const active = (role: string): Standing => ({ role, active: true, failed: false, pending: null });
  const failed: Standing = { role: before.active ? before.role : running, active: true, failed: true, pending: null };
  if (operation.status === CANCELLED) return before;
  if (operation.status === PENDING) return underWay(before, operation);
  const isProbe = operation.task === "monitor" && operation.intervalMs === 0;
  if (isProbe && (operation.exitCode === NOT_RUNNING || CANNOT_RUN.has(operation.exitCode))) return stopped;
  if (operation.exitCode === PROMOTED && operation.task === "monitor") return active("Promoted");
  if (operation.exitCode === PROMOTED_FAILED) return { ...active("Promoted"), failed: true };
  const isGood = (operation.status === DONE && operation.exitCode === OK) || operation.exitCode === operation.expected;
  switch (operation.task) {
    case "monitor":
      if (operation.exitCode === NOT_RUNNING && isGood) return stopped;
      return isGood ? active(before.active ? before.role : running) : failed;
    case "start":
    case "migrate_from":
    case "demote":
      return isGood ? active(running) : failed;
    case "promote":
      return isGood ? active("Promoted") : failed;
    case "stop":
    case "migrate_to": // it left for the other node
      return isGood ? stopped : failed;
    default: // notify, reload, meta-data: no change of role
      return before;
  }
}

function underWay(before: Standing, operation: Operation): Standing {
  const word = UNDER_WAY[operation.task];
  if (word === undefined) return operation.task === "monitor" && operation.intervalMs > 0 ? { ...before, pending: "Monitoring" } : before;
  // A stop or demote under way says nothing of what was running before it.
  const startsSomething = operation.task === "start" || operation.task === "promote" || operation.task === "migrate_from";
  return before.active || startsSomething ? { role: word, active: true, failed: before.failed, pending: null } : before;
}

/** By call number, as they ran; an operation still under way has -1 and is the last. */
function operationsOf(history: XmlElement): Operation[] {
  return childrenOf(history, "lrm_rsc_op")
    .map(readOperation)
    .filter((operation) => operation !== null)
    .sort((left, right) => order(left) - order(right));
}

function order(operation: Operation): number {
  return operation.callId < 0 ? Number.MAX_SAFE_INTEGER : operation.callId;
}

function readOperation(element: XmlElement): Operation | null {
  const key = splitOperationKey(word(element, "operation_key") ?? word(element, "id") ?? "");
  const task = word(element, "operation") ?? key?.task ?? null;
  const status = whole(element, "op-status");
  const exitCode = whole(element, "rc-code");
  if (task === null || status === null || exitCode === null) return null;
  // transition-key is "action:transition:expected exit code:uuid"; 1.0 had no expected code in it.
  const expected = /^[0-9]+:[0-9]+:([0-9]{1,3}):/.exec(word(element, "transition-key") ?? "")?.[1];
  return {
    task,
    intervalMs: whole(element, "interval") ?? key?.intervalMs ?? 0,
    callId: whole(element, "call-id") ?? -1,
    status,
    exitCode,
    expected: expected === undefined ? null : Number.parseInt(expected, 10),
    element,
  };
}

/** The failed operations that a resource's history keeps, in the order in which they ran. */
export function failuresIn(history: XmlElement, node: string, failCount: (resource: string) => string | null): PacemakerFailure[] {
  const failures: PacemakerFailure[] = [];
  const resource = requiredWord(history, "id");
  for (const operation of operationsOf(history)) {
    const { element, exitCode, status, task, intervalMs } = operation;
    const isProbe = task === "monitor" && intervalMs === 0;
    if (status === PENDING || status === CANCELLED) continue;
    if (exitCode === operation.expected && status === DONE) continue;
    if (operation.expected === null && (exitCode === OK || exitCode === PROMOTED)) continue;
    if (isProbe && [OK, NOT_RUNNING, PROMOTED].includes(exitCode)) continue; // a probe that found something is an answer
    failures.push({
      resource,
      node,
      task,
      intervalMs: intervalMs > 0 ? intervalMs : null,
      exitCode,
      exitStatus: null,
      exitReason: word(element, "exit-reason"),
      failCount: failCount(resource),
      lastChange: timeOf(whole(element, "last-rc-change")),
    });
  }
  return withoutRepeats(failures);
}

/** The same failure stands under its own key and under "<resource>_last_failure_0". */
function withoutRepeats(failures: readonly PacemakerFailure[]): PacemakerFailure[] {
  const seen = new Set<string>();
  return failures.filter((failure) => {
    const identity = JSON.stringify([failure.task, failure.intervalMs, failure.exitCode, failure.lastChange]);
    if (seen.has(identity)) return false;
    seen.add(identity);
    return true;
  });
}

/** Epoch seconds as crm_mon of 2.1 prints them: "2026-11-20 11:27:49Z". */
function timeOf(seconds: number | null): string | null {
  if (seconds === null || seconds <= 0 || seconds > 99_999_999_999) return null;
  return new Date(seconds * 1000).toISOString().replace("T", " ").replace(".000Z", "Z");
}
