// SPDX-License-Identifier: Apache-2.0
import Link from "next/link";
import { keyOf } from "@/agent/protocol/console/keys";
import type { SourceName } from "@/agent/protocol/sources";
import { Age } from "@/components/live/Age";
import { Reading } from "@/components/live/Reading";
import type { Picture } from "./picture";

/** Below a table of what many nodes have: the nodes whose own could not be read, and why. Nothing when all were. */
export function UnreadAt(props: Pick<Picture, "slug" | "sources"> & { nodes: readonly string[]; source: SourceName; what: string }) {
  const { slug, sources, nodes, source, what } = props;
  const unread = nodes.filter((node) => sources.get(keyOf.source(node, source))?.status === "failed");
  if (unread.length === 0) return null;
  return (
    <div className="heads">
      {unread.map((node) => {
        const of = keyOf.source(node, source);
        return (
          <div key={node}>
            <p className="s12">
              <Link href={`/c/${slug}/n/${node}`}>{node}</Link> <Age slug={slug} of={of} />
            </p>
            <Reading slug={slug} of={of} source={sources.get(of)} what={what} isEmpty={false} aged={false} unread={false}>
              {null}
            </Reading>
          </div>
        );
      })}
    </div>
  );
}
