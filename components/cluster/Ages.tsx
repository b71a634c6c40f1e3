// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/keys";
import type { SourceName } from "@/agent/protocol/sources";
import { Age } from "@/components/live/Age";
import type { Sources } from "./picture";

/** The age of a layer, node by node: each side is its own reading. */
export function Ages({ slug, sources, nodes, source }: { slug: string; sources: Sources; nodes: readonly string[]; source: SourceName }) {
  return nodes.map((node) => {
    const of = keyOf.source(node, source);
    if (!sources.has(of)) return null;
    return (
      <span key={node} className="age-of">
        {node} <Age slug={slug} of={of} />
      </span>
    );
  });
}
