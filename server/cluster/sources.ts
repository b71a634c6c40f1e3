// SPDX-License-Identifier: Apache-2.0
import { SOURCE_WORDS } from "@/agent/protocol/console/source-words";
import { type EntityOf, keyOf } from "@/agent/protocol/console/view";
import { FIRST_SOURCES, SourceName } from "@/agent/protocol/sources";
import type { Timing } from "@/agent/protocol/timing";
import type { NodeFacts } from "./facts";
import { standingOf } from "./freshness";

/** Every source of one node: read or not, since when, and what of it could not be read. */
export function sourceEntities(node: NodeFacts, nowMs: number, timing: Timing): [string, EntityOf<"source">][] {
  return readSources(node).map((source) => {
    const facts = node.sources[source];
    const standing = standingOf(node, source, nowMs, timing);
    const value = facts?.lastOk?.value;
    return [
      keyOf.source(node.node, source),
      {
        kind: "source",
        node: node.node,
        source,
        status: standing.status,
        error: facts?.reading.status === "failed" ? facts.reading.error : null,
        freshness: standing.freshness,
        takenAtMs: facts?.takenAtMs ?? null,
        okAtMs: facts?.okAtMs ?? null,
        everyMs: facts?.everyMs ?? null,
        how: howOf(source, value),
        unread: value && "unread" in value ? value.unread : [],
      },
    ];
  });
}

/** What this node's agent reads, and what it once read: a source that an older agent does not know is no gap in what it tells. */
function readSources(node: NodeFacts): readonly SourceName[] {
  const reads = new Set(node.reads ?? FIRST_SOURCES);
  return SourceName.options.filter((source) => reads.has(source) || node.sources[source] !== undefined);
}

/** Pacemaker's reading itself says which command answered. */
function howOf(source: SourceName, value: object | undefined): string {
  if (value && "source" in value && typeof value.source === "string") return value.source;
  return SOURCE_WORDS[source].how;
}
