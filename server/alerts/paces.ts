// SPDX-License-Identifier: Apache-2.0
import type { Timing } from "@/agent/protocol/timing";

/** How patient alerts are. Units: ms. Slow labs stretch what depends on freshness, as they do that. */
export interface Paces {
  /** So long a finding is gone before its alert is over. */
  calmMs: number;
  /** One that comes back again and again is over only after this. */
  longestCalmMs: number;
  /** An alert that ended so long ago has come back; later it is a new one. */
  returnsMs: number;
}

/** With each return an alert is believed to be over this much later. */
const CALM_FACTOR = 4;

export function pacesOf(timing: Timing): Paces {
  const second = timing.pulseEveryMs;
  return { calmMs: 60 * second, longestCalmMs: 3_600 * second, returnsMs: 3_600 * second };
}

/** How long a finding must be gone before its alert is over. */
export function calmAfter(returns: number, { calmMs, longestCalmMs }: Paces): number {
  return Math.min(longestCalmMs, calmMs * CALM_FACTOR ** returns);
}
