// SPDX-License-Identifier: Apache-2.0
import type { FailoverPhase, Moment } from "@/agent/protocol/console/history";
import { asSentence } from "@/server/cluster/words";

/** A phase between two moments that were seen, with how far off both together may be. */
export function between(phase: FailoverPhase["phase"], from: Moment, to: Moment, what: string): FailoverPhase {
  const tookMs = Math.max(0, to.atMs - from.atMs);
  const withinMs = from.withinMs === null || to.withinMs === null ? null : from.withinMs + to.withinMs;
  const whose = from.by === to.by ? to.by : `${from.by}; ${to.by}`;
  return { phase, tookMs, withinMs, says: asSentence(`${what} (${whose})`) };
}

export function unmeasured(phase: FailoverPhase["phase"], says: string): FailoverPhase {
  return { phase, tookMs: null, withinMs: null, says };
}

/** The last of several moments; null when one of them was not seen. */
export function latest(moments: readonly (Moment | null)[]): Moment | null {
  let found: Moment | null = null;
  for (const moment of moments) {
    if (moment === null) return null;
    if (found === null || moment.atMs > found.atMs) found = moment;
  }
  return found;
}
