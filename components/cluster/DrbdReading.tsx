// SPDX-License-Identifier: Apache-2.0
import { memo } from "react";
import { keyOf } from "@/agent/protocol/console/keys";
import { Age } from "@/components/live/Age";
import { Reading, type ReadingProps } from "@/components/live/Reading";
import type { Entry } from "@/components/live/store";
import type { Picture } from "./picture";

/** How DRBD was read on a node: the word on all its halves below. */
export function DrbdReading(props: Pick<Picture, "slug" | "sources"> & { drbds: readonly Entry<"drbd">[]; node: string }) {
  const { slug, sources, drbds, node } = props;
  const of = keyOf.source(node, "drbd");
  return <Here slug={slug} of={of} source={sources.get(of)} isEmpty={!drbds.some(([, { from }]) => from.node === node)} />;
}

const Here = memo(function Here({ slug, of, source, isEmpty }: Pick<ReadingProps, "slug" | "of" | "source" | "isEmpty">) {
  return (
    <Reading slug={slug} of={of} source={source} what="mirrors" isEmpty={isEmpty} aged={false}>
      <p className="d3 s12">
        {source?.how} <Age slug={slug} of={of} />
      </p>
    </Reading>
  );
});
