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

/** The layers at a place, or of the clients, that have something to show: a thing that no node has is not a row, one that cannot be read is. */
export function layersAt(picture: Picture, place: Place | "clients", nodes: readonly string[]): readonly StackLayer[] {
  const hasFailed = ({ source }: StackLayer) => nodes.some((node) => picture.sources.get(keyOf.source(node, source))?.status === "failed");
  // What clients have too says nothing of the members, and the other way round.
  const isThere = (layer: StackLayer) => (layer.forClients ? nodes.some((node) => !layer.isEmpty(picture, node)) : !layer.isEmpty(picture));
  return LAYERS.filter((layer) => (place === "clients" ? layer.forClients : layer.place === place) && (isThere(layer) || hasFailed(layer)));
}
