// SPDX-License-Identifier: Apache-2.0
import type { Reading, Readings, SourceName, SourceValue } from "@/agent/protocol/sources";
import type { Memory, NodeFacts, SourceFacts } from "./facts";

type Ok<N extends SourceName> = Extract<Reading<N>, { status: "ok" }>;

function isOk<N extends SourceName>(reading: Reading<N>): reading is Ok<N> {
  return reading.status === "ok";
}

/** Pace taken until the first pulse says it. */
const PACE_UNTIL_SAID_MS = 5_000;

function next<N extends SourceName>(before: SourceFacts<N> | undefined, reading: Reading<N>, takenAtMs: number): SourceFacts<N> {
  // What is not there any more has no last good values to show; what only failed to be read has.
  const kept = reading.status === "failed" ? (before?.lastOk ?? null) : null;
  return {
    reading,
    lastOk: isOk(reading) ? reading : kept,
    takenAtMs,
    okAtMs: reading.status === "ok" ? takenAtMs : kept ? (before?.okAtMs ?? null) : null,
    everyMs: before?.everyMs ?? PACE_UNTIL_SAID_MS,
    ...(before?.memory ? { memory: before.memory } : {}),
  };
}

/** The node's facts with one new reading; unchanged when the frame holds none of this source. `takenAtMs`: the console's clock. */
export function foldReading(node: NodeFacts, source: SourceName, readings: Readings, atConsole: (nodeMs: number) => number): NodeFacts {
  const { sources } = node;
  const with_ = (changed: NodeFacts["sources"]): NodeFacts => ({ ...node, sources: { ...sources, ...changed } });
  switch (source) {
    case "drbd":
      return readings.drbd ? with_({ drbd: next(sources.drbd, readings.drbd, atConsole(readings.drbd.takenAtMs)) }) : node;
    case "bonding":
      return readings.bonding ? with_({ bonding: next(sources.bonding, readings.bonding, atConsole(readings.bonding.takenAtMs)) }) : node;
    case "aoe":
      return readings.aoe ? with_({ aoe: next(sources.aoe, readings.aoe, atConsole(readings.aoe.takenAtMs)) }) : node;
    case "pacemaker":
      return readings.pacemaker
        ? with_({ pacemaker: next(sources.pacemaker, readings.pacemaker, atConsole(readings.pacemaker.takenAtMs)) })
        : node;
    case "host":
      return readings.host ? with_({ host: next(sources.host, readings.host, atConsole(readings.host.takenAtMs)) }) : node;
    case "kernelLog":
      return readings.kernelLog
        ? with_({ kernelLog: next(sources.kernelLog, readings.kernelLog, atConsole(readings.kernelLog.takenAtMs)) })
        : node;
  }
}

/** The node's facts with what a teller wants to remember of one source. */
export function rememberFor(node: NodeFacts, source: SourceName, memory: Memory): NodeFacts {
  const { sources } = node;
  const kept = Object.keys(memory).length > 0 ? { memory } : {};
  const keep = <N extends SourceName>(facts: SourceFacts<N>): SourceFacts<N> => {
    const { memory: _, ...rest } = facts;
    return { ...rest, ...kept };
  };
  switch (source) {
    case "drbd":
      return sources.drbd ? { ...node, sources: { ...sources, drbd: keep(sources.drbd) } } : node;
    case "bonding":
      return sources.bonding ? { ...node, sources: { ...sources, bonding: keep(sources.bonding) } } : node;
    case "aoe":
      return sources.aoe ? { ...node, sources: { ...sources, aoe: keep(sources.aoe) } } : node;
    case "pacemaker":
      return sources.pacemaker ? { ...node, sources: { ...sources, pacemaker: keep(sources.pacemaker) } } : node;
    case "host":
      return sources.host ? { ...node, sources: { ...sources, host: keep(sources.host) } } : node;
    case "kernelLog":
      return node;
  }
}

/** The last good value of a source, before a frame is folded. */
export function lastGood<N extends SourceName>(facts: SourceFacts<N> | undefined): SourceValue<N> | null {
  const last = facts?.lastOk;
  return last ? last.value : null;
}
