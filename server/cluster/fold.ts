// SPDX-License-Identifier: Apache-2.0
import type { Reading, Readings, SourceName, SourceValue } from "@/agent/protocol/sources";
import type { Memory, NodeFacts, SourceFacts } from "./facts";

type Ok<N extends SourceName> = Extract<Reading<N>, { status: "ok" }>;

function isOk<N extends SourceName>(reading: Reading<N>): reading is Ok<N> {
  return reading.status === "ok";
}

/** Pace taken until the first pulse says it. */
const PACE_UNTIL_SAID_MS = 5_000;

function next<N extends SourceName>(
  before: SourceFacts<N> | undefined,
  reading: Reading<N>,
  { takenAtMs, isOld }: { takenAtMs: number; isOld: boolean },
): SourceFacts<N> {
  // What is not there any more has no last good values to show; what only failed to be read has.
  const kept = reading.status === "failed" ? (before?.lastOk ?? null) : null;
  return {
    reading,
    lastOk: isOk(reading) ? reading : kept,
    takenAtMs,
    okAtMs: reading.status === "ok" ? takenAtMs : kept ? (before?.okAtMs ?? null) : null,
    everyMs: before?.everyMs ?? PACE_UNTIL_SAID_MS,
    ...(before?.memory ? { memory: before.memory } : {}),
    ...(before?.heldOver && isOld ? { heldOver: before.heldOver } : {}),
  };
}

/** Every source as it was read before the agent linked anew: only what the agent says of it now makes it more than that. */
export function heldOver(sources: NodeFacts["sources"]): NodeFacts["sources"] {
  return Object.fromEntries(Object.entries(sources).map(([source, facts]) => [source, { ...facts, heldOver: true }]));
}

/** The frames of an outage come first over a new link, and none is younger than it. */
function isOfOutage({ firstPulseAtMs }: NodeFacts, takenAtMs: number): boolean {
  return firstPulseAtMs !== undefined && takenAtMs < firstPulseAtMs;
}

/** The node's facts with one new reading; unchanged when the frame holds none of this source. `atConsole`: a time by the console's clock. */
export function foldReading<N extends SourceName>(
  node: NodeFacts,
  source: N,
  readings: Readings,
  { atConsole, isJournalled }: { atConsole: (nodeMs: number) => number; isJournalled: boolean },
): NodeFacts {
  const reading = readings[source];
  if (!reading) return node;
  const now = { takenAtMs: atConsole(reading.takenAtMs), isOld: isJournalled && isOfOutage(node, reading.takenAtMs) };
  return { ...node, sources: { ...node.sources, [source]: next(node.sources[source], reading, now) } };
}

/** The node's facts with what a teller wants to remember of one source. */
export function rememberFor<N extends SourceName>(node: NodeFacts, source: N, memory: Memory): NodeFacts {
  const facts: SourceFacts<N> | undefined = node.sources[source];
  if (!facts) return node;
  const { memory: _, ...rest } = facts;
  const kept = Object.keys(memory).length > 0 ? { memory } : {};
  return { ...node, sources: { ...node.sources, [source]: { ...rest, ...kept } } };
}

/** The last good value of a source, before a frame is folded. */
export function lastGood<N extends SourceName>(facts: SourceFacts<N> | undefined): SourceValue<N> | null {
  const last = facts?.lastOk;
  return last ? last.value : null;
}
