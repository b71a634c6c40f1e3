// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import type { Timing } from "@/agent/protocol/timing";
import type { Finding, ViewSoFar } from "./define";
import { witnessesOf } from "./witnesses";

/** What decides whether people are told of a finding already. */
export interface Settling {
  nowMs: number;
  timing: Timing;
  /** When the console was started, or went on after its machine stood still. Missing: nobody is told of this cluster. */
  startedAtMs?: number;
  /** The findings that people were told of, before a restart as well. Missing: none. */
  findingsTold?: ReadonlySet<string>;
}

type Seen = Omit<Finding, "rule"> & { sinceMs: number };

/** Two readings of five seconds each, and a second: what is still so then was not just seen from both sides of a change. */
const JOINED_FOR_MS = 11_000;
/** An agent that was only just added, or whose console was only just started, has said its first words within so many pulses. */
const FIRST_WORD_PULSES = 60;

/** A finding as it may be shown now. During a clean failover two readings contradict each other for some seconds: nothing is wrong. */
export function settled<F extends Seen>(finding: F, nowMs: number): F {
  if (!finding.joins || nowMs - finding.sinceMs >= JOINED_FOR_MS) return finding;
  return { ...finding, level: "busy", why: `${finding.why} The two were read some seconds apart: it may be passing.`.trim(), todo: null };
}

/**
 * Until when at the latest a finding is shown and yet told to nobody, by the timeline or by an alert; null: it is to be told.
 *
 * It has not settled while two readings only seem to contradict each other; after the console's start, while somebody whose word it
 * is has not been heard again; and while it only says that something is not known, of which nobody has said a first word yet. What
 * was told once has settled, whatever comes later.
 */
export function settlesAtMs(finding: Seen & { rule: string }, view: ViewSoFar, around: Settling): number | null {
  const { nowMs, startedAtMs, timing, findingsTold } = around;
  if (startedAtMs === undefined || findingsTold?.has(finding.id)) return null;
  const patienceMs = FIRST_WORD_PULSES * timing.pulseEveryMs;
  const { nodes, sources } = witnessesOf(finding, view);
  const witnesses = [...nodes.map(keyOf.node), ...sources];
  const ends = [
    ...(finding.joins ? [finding.sinceMs + JOINED_FOR_MS] : []),
    ...(witnesses.some((key) => isAwaited(view, key, startedAtMs)) ? [startedAtMs + patienceMs] : []),
    ...(finding.level === "unknown" && witnesses.some((key) => isNew(view, key)) ? [finding.sinceMs + patienceMs] : []),
  ];
  const lastMs = Math.max(...ends);
  return lastMs > nowMs ? lastMs : null;
}

/** It spoke before the console was started, and has not since. */
function isAwaited(view: ViewSoFar, key: string, startedAtMs: number): boolean {
  const one = view.get(key);
  if (one?.kind === "node") return one.link !== "live" && one.lastWordAtMs !== null && one.lastWordAtMs < startedAtMs;
  return one?.kind === "source" && one.freshness !== "live" && one.takenAtMs !== null && one.takenAtMs < startedAtMs;
}

/** It has never said a word. */
function isNew(view: ViewSoFar, key: string): boolean {
  const one = view.get(key);
  return (one?.kind === "node" && one.link === "never") || (one?.kind === "source" && one.status === "pending");
}
