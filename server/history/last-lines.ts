// SPDX-License-Identifier: Apache-2.0
import type { Incident } from "@/agent/protocol/console/history";
import type { ClusterFacts } from "@/server/cluster/facts";
import { asSentence } from "@/server/cluster/words";

/** So many of a node's last words are kept of an incident. */
const LAST_LINES = 12;

/** An incident with the node's last kernel lines: none that its next boot printed. The same reference when there is nothing new. */
export function withLastLines(incident: Incident, facts: ClusterFacts): Incident {
  const { node, lastLines, done, back } = incident;
  const known = facts.nodes.get(node);
  if (!known) return incident.linesUnread === NO_AGENT ? incident : { ...incident, linesUnread: NO_AGENT };
  const endMs = done?.atMs ?? back?.atMs ?? Number.POSITIVE_INFINITY;
  const bySelf = new Map(lastLines.map((line) => [`${line.atMs} ${line.text}`, line]));
  for (const { atMs, text } of known.kernelLines) bySelf.set(`${atMs} ${text}`, { atMs, text });
  const kept = [...bySelf.values()].filter(({ atMs }) => atMs <= endMs);
  kept.sort((x, y) => y.atMs - x.atMs);
  const lines = kept.slice(0, LAST_LINES);
  const unread = lines.length > 0 ? null : whyNone(facts, node);
  const isSame =
    unread === incident.linesUnread && lines.length === lastLines.length && lines.every((line, at) => same(line, lastLines[at]));
  return isSame ? incident : { ...incident, lastLines: lines, linesUnread: unread };
}

const NO_AGENT = "No agent of this console runs on it.";

function same(line: { atMs: number; text: string }, other: { atMs: number; text: string } | undefined): boolean {
  return other !== undefined && line.atMs === other.atMs && line.text === other.text;
}

function whyNone(facts: ClusterFacts, node: string): string | null {
  const reading = facts.nodes.get(node)?.sources.kernelLog?.reading;
  if (!reading) return "Its kernel log was never read.";
  if (reading.status === "absent") return "There is no kernel log to read on it.";
  return reading.status === "failed" ? asSentence(`Its kernel log could not be read: ${reading.error.message}`) : null;
}
