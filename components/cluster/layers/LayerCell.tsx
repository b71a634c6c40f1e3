// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/keys";
import { Reading } from "@/components/live/Reading";
import type { Picture } from "../picture";
import { LAYERS } from "./catalog";
import type { Place, StackLayer } from "./define";

/** A node's part of a layer, with the standing of the reading it comes from. */
export function LayerCell({ layer, picture, node }: { layer: StackLayer; picture: Picture; node: string }) {
  const of = keyOf.source(node, layer.source);
  return (
    <Reading
      slug={picture.slug}
      of={of}
      source={picture.sources.get(of)}
      what={layer.what}
      isEmpty={layer.isEmpty(picture, node)}
      aged={false}
    >
      {layer.cell(picture, node)}
    </Reading>
  );
}

/** The layers at a place that have something to show: a thing that no node has is not a row, one that cannot be read is. */
export function layersAt(picture: Picture, place: Place, nodes: readonly string[]): readonly StackLayer[] {
  const hasFailed = ({ source }: StackLayer) => nodes.some((node) => picture.sources.get(keyOf.source(node, source))?.status === "failed");
  return LAYERS.filter((layer) => layer.place === place && (!layer.isEmpty(picture) || hasFailed(layer)));
}
