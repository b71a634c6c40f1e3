// SPDX-License-Identifier: Apache-2.0
import type { AgentFrame } from "@/agent/protocol/messages";
import { type SourceName, SourceName as SourceNames } from "@/agent/protocol/sources";
import type { NodeFacts, SourceFacts } from "./facts";

/** No frame of a live link can be this late: a larger difference is a clock that was set. */
const SET_CLOCK_MS = 15_000;
/** Share of a growing difference that one pulse is believed for. */
const CREEP = 16;

/**
 * The console's clock minus the agent's. Delay on the way only ever makes the difference look larger, and a larger one makes
 * readings look newer than they are: so a smaller one is believed at once, a larger one slowly.
 */
export function offsetAfter(node: NodeFacts, sentAtMs: number, nowMs: number): number {
  const seen = nowMs - sentAtMs;
  const known = node.clockOffsetMs;
  if (!node.hasPulse || seen < known || seen - known > SET_CLOCK_MS) return seen;
  return known + Math.ceil((seen - known) / CREEP);
}

/** Less than this is the way of the words and the rounding of clocks. From when on it is a finding, that rule knows. */
const WORTH_A_WORD_MS = 7_000;

/** How far a node's clock is ahead of the console's, in whole seconds; null while it is not known, or not worth a word. */
export function aheadSeconds({ hasPulse, clockOffsetMs }: NodeFacts): number | null {
  return hasPulse && Math.abs(clockOffsetMs) >= WORTH_A_WORD_MS ? -Math.round(clockOffsetMs / 1_000) : null;
}

/** A pulse: the agent's clock, and when it last read each source. */
export function foldPulse(node: NodeFacts, pulse: Extract<AgentFrame, { type: "pulse" }>, nowMs: number): NodeFacts {
  const clockOffsetMs = offsetAfter(node, pulse.sentAtMs, nowMs);
  let { sources } = node;
  for (const source of SourceNames.options) {
    const read = pulse.read[source];
    const facts = sources[source];
    if (!read || !facts) continue;
    const takenAtMs = Math.min(nowMs, read.takenAtMs + clockOffsetMs);
    sources = { ...sources, [source]: readAgain(facts, takenAtMs, read.everyMs) };
  }
  return { ...node, clockOffsetMs, hasPulse: true, firstPulseAtMs: node.firstPulseAtMs ?? pulse.sentAtMs, sources };
}

/** An unchanged reading is not sent again: the pulse alone says that it was made. */
function readAgain<N extends SourceName>(facts: SourceFacts<N>, takenAtMs: number, everyMs: number): SourceFacts<N> {
  const { heldOver: _, ...rest } = facts;
  return { ...rest, takenAtMs, okAtMs: facts.reading.status === "ok" ? takenAtMs : facts.okAtMs, everyMs };
}
