// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf } from "@/agent/protocol/console/view";
import { SourceName } from "@/agent/protocol/sources";
import type { Timing } from "@/agent/protocol/timing";
import type { NodeFacts } from "./facts";
import { standingOf } from "./freshness";
import { SOURCE_WORDS } from "./source-words";

/** Every source of one node: read or not, since when, and what of it could not be read. */
export function sourceEntities(node: NodeFacts, nowMs: number, timing: Timing): [string, EntityOf<"source">][] {
  return SourceName.options.map((source) => {
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

/** Pacemaker's reading itself says which command answered. */
function howOf(source: SourceName, value: object | undefined): string {
  if (value && "source" in value && typeof value.source === "string") return value.source;
  return SOURCE_WORDS[source].how;
}
