// SPDX-License-Identifier: Apache-2.0
import type { FencingAttempt, Moment } from "@/agent/protocol/console/history";
import type { PacemakerFencing } from "@/agent/protocol/model/pacemaker";
import { printedMs } from "@/server/cluster/printed-time";

/** An entry has no name of its own: one that is pending becomes the final one of the same asker. Oldest first. */
export function withAttempts(known: readonly FencingAttempt[], fresh: readonly PacemakerFencing[]): FencingAttempt[] {
  const attempts = [...known];
  for (const entry of [...fresh].reverse()) {
    const { target: _, ...attempt } = entry;
    const same = attempts.findIndex((one) => keyOfAttempt(one) === keyOfAttempt(attempt));
    const pending = attempts.findIndex((one) => one.status === "pending" && askerOf(one) === askerOf(attempt));
    const place = same !== -1 ? same : pending;
    if (place === -1) attempts.push(attempt);
    else attempts[place] = attempt;
  }
  return attempts;
}

function askerOf({ action, client, origin }: FencingAttempt): string {
  return [action, client, origin].join(" ");
}

function keyOfAttempt(one: FencingAttempt): string {
  return [askerOf(one), one.status, one.completed].join(" ");
}

export function fencingKey(one: PacemakerFencing): string {
  return keyOfAttempt(one);
}

/** The history prints whole seconds: it was done within that one, no later than it was read, nor before it was asked for. */
export function doneAt(
  { completed }: FencingAttempt,
  { asked, moment, offsetMs }: { asked: Moment | null; moment: Moment; offsetMs: number },
): Moment {
  const printed = printedMs(completed);
  if (printed === null) return moment;
  const beganMs = printed + offsetMs;
  const atMs = Math.max(asked?.atMs ?? 0, Math.min(moment.atMs, beganMs + PRINTED_WITHIN_MS));
  if (atMs < moment.atMs) return { atMs, withinMs: PRINTED_WITHIN_MS, by: "the cluster's fence history" };
  // It was read within the very second that is printed.
  return beganMs <= moment.atMs ? { ...moment, withinMs: Math.min(moment.withinMs ?? PRINTED_WITHIN_MS, moment.atMs - beganMs) } : moment;
}

const PRINTED_WITHIN_MS = 1_000;
