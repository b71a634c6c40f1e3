// SPDX-License-Identifier: Apache-2.0
import type { DrbdDevice, DrbdPeer } from "@/agent/protocol/model/drbd";
import { drbd, fact, ok, T0 } from "./factories";
import type { ClusterFacts, NewEvent } from "./facts";
import { crystalSettings, crystalSide, rubySettings, rubySide } from "./pair.factories";
import { type Happening, reduce } from "./reduce";

// Frames told one after the other, for tests of what they leave and what they say.

export type Step = [node: string, frame: Extract<Happening, { type: "frame" }>["frame"], nowMs?: number];

/** Folds frames one after the other; the events with their texts, and what is left. */
export function tell(facts: ClusterFacts, ...steps: Step[]): { texts: string[]; events: NewEvent[]; facts: ClusterFacts } {
  const events: NewEvent[] = [];
  let now = facts;
  for (const [node, frame, nowMs] of steps) {
    const folded = reduce(now, { type: "frame", node, frame }, nowMs ?? T0 + 1_000_000);
    now = folded.facts;
    events.push(...folded.events);
  }
  return { texts: events.map(({ text }) => text), events, facts: now };
}

/** ruby's DRBD: what it says of its peer, and of itself. */
export function ruby(of: Partial<DrbdPeer>, more: Partial<DrbdDevice> = {}) {
  return drbd([rubySide(more, of)], { settings: [rubySettings] });
}

/** crystal's DRBD: what it says of its peer, and of itself. */
export function crystal(of: Partial<DrbdPeer>, more: Partial<DrbdDevice> = {}) {
  return drbd([crystalSide(more, of)], { settings: [crystalSettings] });
}

export function drbdFact(value: ReturnType<typeof drbd>, atMs: number) {
  return fact("drbd", { drbd: ok(value, atMs) }, atMs);
}
