// SPDX-License-Identifier: Apache-2.0
import { Ages } from "../Ages";
import { Layer } from "../Layer";
import type { Picture } from "../picture";
import type { Place } from "./define";
import { LayerCell, layersAt } from "./LayerCell";

interface LayersTwoProps {
  picture: Picture;
  place: Place | "clients";
  a: string | undefined;
  /** Clients need not be two. */
  b: string | undefined;
  /** The name of a layer that is drawn elsewhere in this stack. */
  without?: string | undefined;
}

/** The layers at one place of the stack of two, or those of the two clients above it. */
export function LayersTwo({ picture, place, a, b, without }: LayersTwoProps) {
  const nodes = [a, b].filter((node) => node !== undefined);
  const layers = layersAt(picture, place, nodes).filter(({ name }) => name !== without);
  return layers.map((layer) => (
    <Layer
      key={layer.name}
      kind={place === "clients" ? "client more" : "more"}
      label={place === "clients" ? `${layer.name} of the clients` : layer.name}
      name={layer.name}
      small={<Ages slug={picture.slug} sources={picture.sources} nodes={nodes} source={layer.source} />}
      a={a !== undefined && <LayerCell layer={layer} picture={picture} node={a} />}
      x={layer.between(picture, nodes)}
      b={b !== undefined && <LayerCell layer={layer} picture={picture} node={b} />}
    />
  ));
}
