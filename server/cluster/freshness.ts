// SPDX-License-Identifier: Apache-2.0

import { whatHappened } from "@/agent/protocol/console/reason";
import { SOURCE_WORDS } from "@/agent/protocol/console/source-words";
import type { Freshness } from "@/agent/protocol/console/view";
import { SourceName } from "@/agent/protocol/sources";
import type { Timing } from "@/agent/protocol/timing";
import type { ClusterFacts, NodeFacts } from "./facts";
import { asSentence } from "./words";

/** The agent's link: a closed socket is stale at once; silence alone makes it stale, then lost. */
export function linkFreshness(node: NodeFacts, nowMs: number, timing: Timing): Freshness {
  if (node.lastWordAtMs === null) return "never";
  const silentMs = nowMs - node.lastWordAtMs;
  if (silentMs > timing.lostAfterMs) return "lost";
  if (!node.connected || silentMs > timing.staleAfterMs) return "stale";
  return "live";
}

/** A source is never fresher than its node's link; on a live link it is stale when a read is overdue. */
export function sourceFreshness(node: NodeFacts, source: SourceName, nowMs: number, timing: Timing): Freshness {
  const link = linkFreshness(node, nowMs, timing);
  if (link !== "live") return link;
  const facts = node.sources[source];
  if (!facts || facts.heldOver) return "never";
  return nowMs - facts.takenAtMs > 2 * facts.everyMs + timing.sourceGraceMs ? "stale" : "live";
}

/** How far a source's values may be believed now. */
export interface Standing {
  freshness: Freshness;
  status: "pending" | "ok" | "absent" | "failed";
  /** Read in time and well: only then may anything be called good. */
  isCurrent: boolean;
  /** Why it is not current, as a sentence; null when it is, or when there is nothing to read. */
  why: string | null;
}

export function standingOf(node: NodeFacts, source: SourceName, nowMs: number, timing: Timing): Standing {
  const freshness = sourceFreshness(node, source, nowMs, timing);
  const reading = node.sources[source]?.reading;
  const status = reading?.status ?? "pending";
  const what = SOURCE_WORDS[source].how;
  const why = () => {
    if (node.lastWordAtMs === null) return `Nothing was heard from ${node.node} yet.`;
    if (freshness === "never" && node.isRecorded) return `${what} of ${node.node} is not in the recording.`;
    if (freshness === "never") return `${what} on ${node.node} was not read yet${reading ? " since its agent is back" : ""}.`;
    if (linkFreshness(node, nowMs, timing) !== "live") return `No word from ${node.node}.`;
    if (reading?.status === "failed")
      return `${what} on ${node.node} could not be read: ${asSentence(whatHappened(reading.error.message))}`;
    if (freshness !== "live") return `${what} on ${node.node} was not read in time.`;
    if (hasNothingButUnread(node, source)) return `The DRBD devices of ${node.node} could not be read.`;
    return null;
  };
  const isWhole = !hasNothingButUnread(node, source);
  return { freshness, status, isCurrent: freshness === "live" && status === "ok" && isWhole, why: why() };
}

/** DRBD answered with its version alone, because this node has no way to its devices: an empty list then says nothing. */
function hasNothingButUnread(node: NodeFacts, source: SourceName): boolean {
  const drbd = source === "drbd" ? node.sources.drbd?.reading : undefined;
  return drbd?.status === "ok" && drbd.value.devices.length === 0 && drbd.value.unread.length > 0;
}

/** Nodes whose agent was heard and is not now; one without an agent was never a witness. */
export function silentNodes(facts: ClusterFacts, { nowMs, timing }: { nowMs: number; timing: Timing }): ReadonlySet<string> {
  const silent = [...facts.nodes.values()].filter((node) => {
    const link = linkFreshness(node, nowMs, timing);
    return !node.isRecorded && (link === "stale" || link === "lost");
  });
  return new Set(silent.map(({ node }) => node));
}

/** Everything about a cluster that time alone can change, as one short text: while it stays the same, so does the view. */
export function freshnessSignature(facts: ClusterFacts, nowMs: number, timing: Timing): string {
  let signature = "";
  for (const [name, node] of facts.nodes) {
    // The second letter alone tells live, stale, lost and never apart.
    signature += `${name}${linkFreshness(node, nowMs, timing)[1]}`;
    for (const source of SourceName.options) signature += sourceFreshness(node, source, nowMs, timing)[1];
  }
  return signature;
}
