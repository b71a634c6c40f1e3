// SPDX-License-Identifier: Apache-2.0
import type { VerifyResult } from "@/agent/protocol/console/verify";
import type { FollowedRun } from "./run-state";

/** A run of `store` in `san-a` that took as long as nothing, for tests. */
export function endedRun(pair: string, startedAtMs: number, result: VerifyResult): FollowedRun {
  return {
    summary: {
      id: `${pair} ${startedAtMs}`,
      cluster: "san-a",
      resource: "store",
      volume: 0,
      starter: null,
      peer: null,
      cause: "node",
      by: null,
      run: null,
      schedule: null,
      startedAtMs,
      endedAtMs: startedAtMs,
      result,
      percent: null,
      says: null,
      sizeBytes: null,
      rateBytesPerSec: null,
      differsBytes: null,
      outOfSync: [],
    },
    pair,
    revision: 1,
    algorithm: null,
    versions: [],
    accepted: [],
    sides: [],
    lines: 0,
    stoppedBy: null,
    heardAtMs: startedAtMs,
    endingSinceMs: null,
  };
}
