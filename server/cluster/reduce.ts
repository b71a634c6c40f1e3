// SPDX-License-Identifier: Apache-2.0
import { sayBy } from "@/agent/protocol/console/source-words";

import type { AgentFrame } from "@/agent/protocol/messages";
import type { KernelLine } from "@/agent/protocol/model/kernel-log";
import { FIRST_SOURCES, type SourceName } from "@/agent/protocol/sources";
import { foldPulse } from "./clock";
import { tellLine } from "./events/kernel-lines";
import { tellLinked, tellUnlinked } from "./events/link";
import { tellStanding } from "./events/sources";
import type { Told } from "./events/tell";
import { tellValue, tellWitness } from "./events/values";
import type { ClusterFacts, NewEvent, NodeFacts } from "./facts";
import { foldReading, heldOver, rememberFor } from "./fold";
import { rememberSplit } from "./split-brain";
import { counted, formatDuration } from "./words";

/** What can happen to a cluster's facts: an agent's frame, or its socket opening or closing. */
export type Happening =
  | { type: "frame"; node: string; frame: Extract<AgentFrame, { type: "fact" | "line" | "gap" | "telemetry" | "pulse" }> }
  | { type: "linked"; node: string; agentVersion: string; reads?: readonly string[]; steps?: readonly string[] }
  | { type: "allowed"; node: string; steps: readonly string[] }
  | { type: "unlinked"; node: string };

export interface Folded {
  facts: ClusterFacts;
  events: NewEvent[];
}

/**
 * Folds one happening into the facts of a cluster. Pure; `nowMs` is the console's clock.
 * `events` is what changed, in words, for the timeline; the same frames in the same order give the same events
 * (texts, subjects, order), whatever restarts happened between them.
 */
export function reduce(facts: ClusterFacts, happening: Happening, nowMs: number): Folded {
  const node = facts.nodes.get(happening.node);
  if (!node) return { facts, events: [] };
  switch (happening.type) {
    case "linked": {
      const { steps: _, firstPulseAtMs: __, ...rest } = node;
      const linked = {
        ...rest,
        ...(happening.steps ? { steps: happening.steps } : {}),
        agentVersion: happening.agentVersion,
        reads: happening.reads ?? FIRST_SOURCES,
        connected: true,
        connectedChangedAtMs: nowMs,
        lastWordAtMs: nowMs,
        hasPulse: false,
        sources: heldOver(node.sources),
      };
      return { facts: withNode(facts, linked), events: tellLinked(node, happening.agentVersion, nowMs) };
    }
    case "allowed":
      return { facts: withNode(facts, { ...node, steps: happening.steps, lastWordAtMs: nowMs }), events: [] };
    case "unlinked": {
      if (!node.connected) return { facts, events: [] };
      return { facts: withNode(facts, { ...node, connected: false, connectedChangedAtMs: nowMs }), events: tellUnlinked(node, nowMs) };
    }
    case "frame":
      return foldFrame(facts, { ...node, lastWordAtMs: nowMs }, happening.frame, nowMs);
  }
}

function withNode(facts: ClusterFacts, node: NodeFacts): ClusterFacts {
  return { ...facts, nodes: new Map(facts.nodes).set(node.node, node) };
}

function foldFrame(facts: ClusterFacts, node: NodeFacts, frame: Extract<Happening, { type: "frame" }>["frame"], nowMs: number): Folded {
  // Nothing was read in the future, whatever the clocks say.
  const atConsole = (nodeMs: number) => Math.min(nowMs, nodeMs + node.clockOffsetMs);
  switch (frame.type) {
    case "pulse":
      return { facts: withNode(facts, foldPulse(node, frame, nowMs)), events: [] };
    case "telemetry":
      return { facts: withNode(facts, foldReading(node, frame.source, frame.readings, { atConsole, isJournalled: false })), events: [] };
    case "line": {
      const told = tellLine(node, frame.line, atConsole(frame.line.atMs));
      const kernelLines = withLines(node.kernelLines, [{ ...frame.line, atMs: atConsole(frame.line.atMs) }]);
      const remembered = rememberFor(node, "kernelLog", rememberSplit(node.sources.kernelLog?.memory ?? {}, node, frame.line));
      return {
        facts: withNode(facts, { ...remembered, kernelLines }),
        events: asEvents(told, node.node, "kernelLog", atConsole(frame.line.atMs)),
      };
    }
    case "gap": {
      const text = `${node.node}: ${counted(frame.count, "change")} or kernel lines of ${formatDuration(frame.toMs - frame.fromMs)} were lost on the node`;
      const event: NewEvent = {
        atMs: atConsole(frame.toMs),
        node: node.node,
        source: null,
        subject: node.node,
        text,
        level: "unknown",
        what: "gap",
        by: `agent, ${node.node}`,
      };
      return { facts: withNode(facts, node), events: [event] };
    }
    case "fact":
      return foldFact(facts, node, frame, atConsole);
  }
}

function foldFact(
  facts: ClusterFacts,
  node: NodeFacts,
  frame: Extract<AgentFrame, { type: "fact" }>,
  atConsole: (nodeMs: number) => number,
): Folded {
  const { source, readings, atMs } = frame;
  let after = foldReading(node, source, readings, { atConsole, isJournalled: true });
  if (after === node) return { facts: withNode(facts, node), events: [] };
  if (source === "kernelLog" && readings.kernelLog?.status === "ok") {
    const lines = readings.kernelLog.value.lines.map((line) => ({ ...line, atMs: atConsole(line.atMs) }));
    after = { ...after, kernelLines: withLines(after.kernelLines, lines) };
    const splits = readings.kernelLog.value.lines.reduce(
      (memory, line) => rememberSplit(memory, after, line),
      after.sources.kernelLog?.memory ?? {},
    );
    after = rememberFor(after, source, splits);
  }
  const standing = tellStanding(node, source, readings);
  const value = tellValue(facts, node, source, readings, atMs);
  if (value) after = rememberFor(after, source, value.memory);
  const folded = withNode(facts, after);
  const events = asEvents([...standing, ...(value?.told ?? [])], node.node, source, atConsole(atMs));
  if (source !== "pacemaker") return { facts: folded, events };
  const heard = tellWitness(facts, folded, atMs);
  if (!heard) return { facts: folded, events };
  const remembered = withNode(folded, rememberFor(after, source, heard.memory));
  return { facts: remembered, events: [...events, ...asEvents(heard.told, heard.node, source, atConsole(atMs), node.clockOffsetMs)] };
}

function asEvents(told: readonly Told[], node: string, source: SourceName, atMs: number, offsetMs = 0): NewEvent[] {
  return told.map((one) => {
    const ownMs = one.atMs === undefined ? atMs : Math.min(atMs, one.atMs + offsetMs);
    return { ...one, atMs: ownMs, node, source, by: sayBy(source, node) };
  });
}

const KERNEL_LINES = 12;

/** The newest lines first; a line that came both by itself and in a reading stands once. */
function withLines(known: readonly KernelLine[], lines: readonly KernelLine[]): readonly KernelLine[] {
  const isNew = (line: KernelLine) => !known.some((other) => other.kmsgSeq === line.kmsgSeq && other.text === line.text);
  const fresh = lines.filter(isNew);
  if (fresh.length === 0) return known;
  return [...fresh, ...known].sort((x, y) => y.atMs - x.atMs || y.kmsgSeq - x.kmsgSeq).slice(0, KERNEL_LINES);
}
