// SPDX-License-Identifier: Apache-2.0
import type { NewEvent, NodeFacts } from "../facts";
import { formatDuration } from "../words";

/** What the console itself finds, not what an agent tells: these events are no part of any journal. */
const BY = "found by the console";

export function tellLinked(node: NodeFacts, agentVersion: string, nowMs: number): NewEvent[] {
  const of = { atMs: nowMs, node: node.node, source: null, subject: node.node, by: BY };
  const was = node.agentVersion;
  const text = `${node.node}: the agent is ${agentVersion}, was ${was}`;
  const version: NewEvent[] = was === null || was === agentVersion ? [] : [{ ...of, text, level: "ok", what: "version" }];
  return node.connected ? version : [...version, tellBack(node, nowMs)];
}

function tellBack(node: NodeFacts, nowMs: number): NewEvent {
  const isFirst = node.lastWordAtMs === null;
  // Recalled from the database, not witnessed: how long it was away is not known, only how long ago it was written.
  const isRecalled = node.connectedChangedAtMs === null;
  const away = node.lastWordAtMs === null || isRecalled ? "" : ` after ${formatDuration(nowMs - node.lastWordAtMs)}`;
  const text = isFirst ? `${node.node}: agent heard for the first time` : `${node.node}: agent back${away}`;
  return { atMs: nowMs, node: node.node, source: null, subject: node.node, text, level: "ok", what: "gap", by: BY };
}

export function tellUnlinked(node: NodeFacts, nowMs: number): NewEvent[] {
  return [
    {
      atMs: nowMs,
      node: node.node,
      source: null,
      subject: node.node,
      text: `${node.node}: agent silent`,
      level: "old",
      what: "gap",
      by: BY,
    },
  ];
}
